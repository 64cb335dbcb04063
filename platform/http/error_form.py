"""Problems in another form, for clients that look for errors in the form of somebody else's interface."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from footnote.platform.http.headers import is_http
from footnote.platform.http.problem import MEDIA_TYPE

Translate = Callable[[Mapping[str, Any]], tuple[int, Mapping[str, Any]]]


class ErrorForm:
    """Below `prefix`, every problem becomes what `translate` makes of it: a status and a body.

    Around all other middleware: what they refuse is a problem, too.
    """

    def __init__(self, app: ASGIApp, *, prefix: str, translate: Translate) -> None:
        self._app = app
        self._prefix = prefix
        self._translate = translate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_http(scope) and scope["path"].startswith(self._prefix):
            send = _Translated(send, self._translate).send
        await self._app(scope, receive, send)


class _Translated:
    def __init__(self, send: Send, translate: Translate) -> None:
        self._send = send
        self._translate = translate
        self._start: Any = None  # of a problem, held back until its body is whole
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_problem(message["headers"]):
            self._start = message
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message["body"]
            if not message["more_body"]:
                await self._finish()
        else:
            await self._send(message)

    async def _finish(self) -> None:
        status, content = self._translate(msgspec.json.decode(self._body))
        body = msgspec.json.encode(content)
        kept = [pair for pair in self._start["headers"] if pair[0].lower() not in (b"content-type", b"content-length")]
        stated = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        start: Any = {**self._start, "status": status, "headers": [*kept, *stated]}
        self._start = None
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _is_problem(headers: Any) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(MEDIA_TYPE.encode()) for name, value in headers)
