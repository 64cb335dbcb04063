"""One log line a request."""

import time

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from loguru import logger

from footnote.platform.http.headers import is_http

QUIET = frozenset({"/health", "/ready", "/metrics"})


class AccessLog:
    """Logs the path as sent, still encoded, and without the query: a path cannot forge a line, a query is content."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_http(scope):
            await self._app(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            status = message["status"] if message["type"] == "http.response.start" else status
            await send(message)

        start = time.perf_counter()
        try:
            await self._app(scope, receive, watched)
        finally:
            milliseconds = round((time.perf_counter() - start) * 1000, 1)
            bound = logger.bind(method=scope["method"], path=_path(scope), status=status, ms=milliseconds)
            bound.log("DEBUG" if scope["path"] in QUIET else "INFO", "request")


def _path(scope: Scope) -> str:
    return scope["raw_path"].partition(b"?")[0].decode("ascii", "backslashreplace")
