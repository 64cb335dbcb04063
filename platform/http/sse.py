"""Server-sent events: a stream that notices when nobody listens, and that ends well."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Generic, TypeVar

from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from footnote.platform.http.event_stream import EventStream, ServerEvent, error_message, event_message

T = TypeVar("T")
KEEP_ALIVE = 15.0  # seconds


class ServerSentEvents(Response[None], Generic[T]):
    """Streams `events`, each turned by `as_event` into its id (or None), name and data.

    `events` runs in one task and is closed there, also when the listener leaves or the server stops. What it raises
    before its first event is an ordinary problem; what it raises later becomes an `error` event with the same object.
    `encode` and `encode_error` are for those who speak another dialect.
    """

    def __init__(
        self,
        events: AsyncIterator[T],
        as_event: Callable[[T], ServerEvent],
        *,
        keep_alive: float = KEEP_ALIVE,
        encode: Callable[[str | None, str, Any], bytes] = event_message,
        encode_error: Callable[[Exception], bytes] = error_message,
    ) -> None:
        super().__init__(None, status_code=200, media_type="text/event-stream")
        self._events = events
        self._as_event = as_event
        self._keep_alive = keep_alive
        self._encode = encode
        self._encode_error = encode_error

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **_layers: Any) -> ASGIResponse:
        def encode(event: T) -> bytes:
            return self._encode(*self._as_event(event))

        return _EventResponse(self._events, encode, self._encode_error, self._keep_alive)


class _EventResponse(ASGIResponse):
    _should_set_content_length = False

    def __init__(
        self,
        events: AsyncIterator[T],
        encode: Callable[[T], bytes],
        encode_error: Callable[[Exception], bytes],
        keep_alive: float,
    ) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the latter: nginx must not hold it back
        super().__init__(headers=headers, media_type="text/event-stream")
        self._events: AsyncIterator[Any] = events
        self._encode: Callable[[Any], bytes] = encode
        self._encode_error = encode_error
        self._keep_alive = keep_alive

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        stream = EventStream(
            lambda: self.start_response(send), send, keep_alive=self._keep_alive, encode_error=self._encode_error
        )
        await stream.run(self._events, self._encode, scope, receive)
