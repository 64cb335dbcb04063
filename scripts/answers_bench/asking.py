"""Asks over HTTP, as plainly as can be, so that what is measured is the server."""

import asyncio
import json
from dataclasses import dataclass
from time import perf_counter

URL = "/api/v1/answers"


@dataclass(frozen=True)
class Asked:
    question: str
    first_ms: float | None  # until the first sentence that was verified
    whole_ms: float
    problem: str = ""


async def ask(port: int, question: str, *, leaves: bool = False) -> Asked:
    """`leaves`: as soon as anything was said of the first sentence."""
    body = json.dumps({"question": question, "stream": True}).encode()
    head = (
        f"POST {URL} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    began = perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    first, name, problem = None, "", ""
    try:
        writer.write(head.encode() + body)
        while line := await reader.readline():
            if line.startswith(b"event: "):
                name = line[7:].decode().strip()
            elif line.startswith(b"data: ") and name == "sentence" and first is None:
                if json.loads(line[6:])["verdict"] == "supported":
                    first = (perf_counter() - began) * 1000
                if leaves:
                    break
            elif line.startswith(b"data: ") and name == "error":
                problem = line[6:].decode().strip()
            elif line.startswith(b"HTTP/1.1 ") and b" 200 " not in line:
                problem = line.decode().strip()
    finally:
        writer.close()
    return Asked(
        question, first, (perf_counter() - began) * 1000, problem or ("" if name == "done" or leaves else "cut")
    )


async def fetched(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    told = await reader.read()
    writer.close()
    return told.partition(b"\r\n\r\n")[2].decode()
