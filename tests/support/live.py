"""An application on a port of this machine, in this event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from footnote.platform.http.server import Server, config, listen, url_of


@asynccontextmanager
async def live(app: Any) -> AsyncIterator[str]:
    """The URL; at the end all connections are closed."""
    listener = listen("127.0.0.1", 0)
    server = Server(config(app, grace_seconds=5))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            assert not serving.done(), "the server ended before it was ready"
            await asyncio.sleep(0.01)
        yield url_of(listener)
    finally:
        server.should_exit = True
        await serving
        listener.close()
