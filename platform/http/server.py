"""Runs an application until a signal, and lets go of it without losing a request."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread

import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp

from footnote.platform.http.event_stream import STOPPING

SIGNALS = (signal.SIGINT, signal.SIGTERM)
BACKLOG = 2048
MAX_CONNECTIONS = 1000
LONGEST_MESSAGE = 1 << 18  # bytes over a WebSocket: the longest question, every character escaped, and its filters


async def serve_on(
    app: Litestar | ASGIApp,
    listener: socket.socket,
    *,
    on_listening: Callable[[str], None] | None = None,
    on_stopping: Callable[[], None] | None = None,
    grace_seconds: int = 10,
    trusted_proxies: Sequence[str] = (),
) -> None:
    """Serve until SIGINT or SIGTERM, then return. `on_listening` gets the URL; `on_stopping` is called at the signal.

    `trusted_proxies` are the addresses whose word on the asker's own address and scheme counts.
    """
    server = Server(
        config(app, grace_seconds=grace_seconds, trusted_proxies=trusted_proxies), on_listening, on_stopping
    )
    with _signals_absorbed():
        await server.serve(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before the application starts, so that a port in use is known at once; 0 is any free.

    Raises:
        OSError: The address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def config(app: Litestar | ASGIApp, *, grace_seconds: int = 10, trusted_proxies: Sequence[str] = ()) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        backlog=BACKLOG,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=grace_seconds,
    )


class Server(uvicorn.Server):
    """Tells the event streams to end when it stops: they would hold it back to the last second of grace."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_listening: Callable[[str], None] | None = None,
        on_stopping: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(config)
        self._stopping = asyncio.Event()
        self._on_listening = on_listening
        self._on_stopping = on_stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.lifespan.state[STOPPING] = self._stopping
        await super().startup(sockets)
        if self.started and self._on_listening and sockets:
            self._on_listening(url_of(sockets[0]))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        if self._on_stopping:
            self._on_stopping()
        await super().shutdown(sockets)


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _signals_absorbed() -> Iterator[None]:
    """The server raises the signal that stopped it again at the end; here that is an ordinary end."""
    if current_thread() is not main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: None) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
