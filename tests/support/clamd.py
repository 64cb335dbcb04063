"""A virus scanner that speaks ClamAV's protocol, and can break it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from support.serving import listening

# In two parts, so that no scanner objects to this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

Converse = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def scanner(limit: int = 25_000_000) -> Converse:
    """The daemon as it should be; `limit` is its StreamMaxLength."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(await reader.readexactly(4)):
            if len(content) + length > limit:
                writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                while await reader.read(1 << 20):  # closed over what is unread, a socket may take its reply back
                    pass
                return
            content += await reader.readexactly(length)
        writer.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")

    return converse


def saying(reply: bytes) -> Converse:
    """A daemon that reads nothing and only says this."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)
        await writer.drain()

    return converse


def answering(reply: bytes) -> Converse:
    """A daemon that has this verdict on every file."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        while length := int.from_bytes(await reader.readexactly(4)):
            await reader.readexactly(length)
        writer.write(reply)

    return converse


@asynccontextmanager
async def clamd(converse: Converse, path: Path | None = None) -> AsyncIterator[str]:
    """The address of a daemon, on a socket at `path` or on a free port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await converse(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with listening(serve, path=path) as port:
        yield f"unix:{path}" if path is not None else f"tcp://127.0.0.1:{port}"
