"""A name for each request, the asker's own if it has a good one."""

import re

from litestar.types import ASGIApp, Receive, Scope, Send

from footnote.platform.context import request_id
from footnote.platform.http.headers import header_values, sending_headers
from footnote.platform.ids import new_id

WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class RequestId:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = asked_id(scope) or new_id()
        token = request_id.set(name)
        try:
            await self._app(scope, receive, sending_headers(send, [(b"x-request-id", name.encode())]))
        finally:
            request_id.reset(token)


def asked_id(scope: Scope) -> str | None:
    values = header_values(scope, b"x-request-id")
    return values[0] if len(values) == 1 and WELL_FORMED.fullmatch(values[0]) else None
