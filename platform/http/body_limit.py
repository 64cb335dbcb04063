"""A bound on what a request may send, counted while it comes in."""

import asyncio
import re
from contextlib import suppress
from typing import cast

from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

from footnote.platform.errors import BadRequest, TooLarge
from footnote.platform.http.boundary import send_problem
from footnote.platform.http.headers import header_values, is_http, single_header

LINGER = 5  # seconds in which the rest of a refused body is thrown away, so that the asker gets to read the refusal


class BodyLimit:
    """`max_bytes` for any body, `upload_bytes` where "METHOD /path" matches `uploads` in full.

    Such a body may have `form_bytes` more, for what a form holds beside files: who sends too much is not told of them.

    A stated length over the limit is refused at once, a body without one as soon as it is over; nothing is kept.
    """

    def __init__(
        self, app: ASGIApp, *, max_bytes: int, upload_bytes: int, uploads: re.Pattern[str], form_bytes: int = 0
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._upload_bytes = upload_bytes
        self._uploads = uploads
        self._form_bytes = form_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_http(scope):
            await self._app(scope, receive, send)
            return
        is_upload = self._uploads.fullmatch(f"{scope['method']} {scope['path']}")
        told = self._upload_bytes if is_upload else self._max_bytes
        body = _Body(receive, send, told, spare=self._form_bytes if is_upload else 0)
        if (stated_length(scope) or 0) > body.limit:
            await send_problem(body.cut(), scope, body.send)
        else:
            await self._app(scope, body.receive, body.send)


class _Body:
    def __init__(self, receive: Receive, send: Send, told: int, *, spare: int) -> None:
        self.limit = told + spare
        self._told = told
        self._receive = receive
        self._send = send
        self._seen = 0
        self._is_complete = False
        self._is_cut = False

    def cut(self) -> TooLarge:
        self._is_cut = True
        return TooLarge(f"The request body is larger than {self._told} bytes.", max_bytes=self._told)

    async def receive(self) -> HTTPReceiveMessage:
        message = cast(HTTPReceiveMessage, await self._receive())
        if message["type"] == "http.request":
            self._seen += len(message["body"])
            self._is_complete = not message["more_body"]
        elif not self._is_complete:
            raise BadRequest("The connection closed before the request was complete.")
        if self._seen > self.limit:
            raise self.cut()
        return message

    async def send(self, message: Message) -> None:
        if not self._is_cut:
            await self._send(message)
        elif message["type"] == "http.response.start":
            await self._send({**message, "headers": [*message["headers"], (b"connection", b"close")]})
        elif message["type"] == "http.response.body":
            await self._send({**message, "more_body": True})
            await self._linger()
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _linger(self) -> None:
        """Closing while bytes are still coming in resets the connection and can take the response with it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while (await self._receive()).get("more_body", False):
                    pass


def stated_length(scope: Scope) -> int | None:
    """
    Raises:
        BadRequest: The length is not a number, or stated twice, or the body also claims to be chunked.
    """
    text = single_header(scope, b"content-length")
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise BadRequest("Content-Length must be a number of bytes.", header="content-length")
    if header_values(scope, b"transfer-encoding"):
        raise BadRequest("A request has a Content-Length or a Transfer-Encoding, not both.", header="content-length")
    return int(text)
