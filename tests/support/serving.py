"""Small servers of tests that leave nothing behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from ssl import SSLContext

Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(handle: Handle, *, path: Path | None = None, tls: SSLContext | None = None) -> AsyncIterator[int]:
    """The port of 127.0.0.1 where every connection is given to `handle`; 0 where it is the socket file `path`.

    At the end all connections are cut, and gone before the event loop is.
    """
    tasks: set[asyncio.Task[None]] = set()
    transports: list[asyncio.WriteTransport] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        transports.append(writer.transport)
        try:
            await handle(reader, writer)
        finally:
            writer.close()
            tasks.discard(task)

    if path is not None:
        server = await asyncio.start_unix_server(serve, path)
    else:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield 0 if path is not None else server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in (left := list(tasks)):
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for transport in transports:
            transport.abort()
        for _ in range(3):  # turns of the loop in which transports end
            await asyncio.sleep(0)
