"""A server of a chat model that answers at once with sentences of the prompt, in OpenAI's wire format.

    python -m answers_bench.model

It prints its port. `GET /times` tells the milliseconds that each question took it, from the last byte of the request to
the last byte of the first sentence; `GET /open` how many answers are under way.
"""

import asyncio
import json
import re
from time import perf_counter
from typing import Any

PASSAGE = re.compile(r"<passage (\d+) (\w+)>\n[^\n]*\n(.*?)\n</passage \1 \2>", re.DOTALL)
QUESTION = re.compile(r"Question: (.*)\Z", re.DOTALL)
SENTENCE = re.compile(r"[A-Z][^.!?|]{30,300}[a-z]{3}\.(?=\s)")
SLOWLY = "slowly"  # in a question: after its first sentence the answer stands still until nobody listens
STANDSTILL = 60.0  # seconds
PIECE = 20  # characters of a delta

times: dict[str, float] = {}
under_way = 0


def drafted(prompt: str) -> list[str]:
    """Up to three sentences, each as it stands in another passage, with its mark."""
    found = ((number, SENTENCE.search(text)) for number, _, text in PASSAGE.findall(prompt))
    return [f"{' '.join(sentence[0].split())} [{number}]\n" for number, sentence in found if sentence][:3]


def event(delta: dict[str, Any], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "bench", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


async def answer(content: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    began = perf_counter()
    prompt = content["messages"][-1]["content"]
    asked = QUESTION.search(prompt)
    question = asked[1] if asked else ""
    first, *others = drafted(prompt) or ["The documents do not say."]
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    write(writer, first)
    await writer.drain()
    times[question] = (perf_counter() - began) * 1000
    if SLOWLY in question and others:
        await asyncio.wait_for(reader.read(1), STANDSTILL)
        raise ConnectionError("nobody listens any more")
    write(writer, "".join(others))
    writer.write(chunk(event({}, "stop")))
    usage = {"prompt_tokens": len(prompt) // 4, "completion_tokens": 50, "total_tokens": len(prompt) // 4 + 50}
    told = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "bench", "choices": [], "usage": usage}
    writer.write(chunk(f"data: {json.dumps(told)}\n\n".encode()) + chunk(b"data: [DONE]\n\n") + chunk(b""))
    await writer.drain()


def write(writer: asyncio.StreamWriter, text: str) -> None:
    for start in range(0, len(text), PIECE):
        writer.write(chunk(event({"content": text[start : start + PIECE]})))


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode():
            await serve_one(head, reader, writer)
    except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
        pass
    finally:
        writer.close()


async def serve_one(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    global under_way
    length = re.search(r"(?i)content-length: (\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    if not head.startswith("POST"):
        told = json.dumps(times if head.startswith("GET /times") else under_way).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(told), told))
        await writer.drain()
        raise ConnectionError("all was said")
    under_way += 1
    try:
        await answer(json.loads(body), reader, writer)
    finally:
        under_way -= 1


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
