"""One event stream on the wire: who writes, who listens, who ends it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, TypeVar

import msgspec
from litestar.types import Receive, Scope, Send

from footnote.platform.errors import Unavailable
from footnote.platform.http.problem import problem_of, report

T = TypeVar("T")
ServerEvent = tuple[str | None, str, Any]  # id, name, what becomes one line of JSON
STOPPING = "footnote.stopping"  # the server's asyncio.Event in the ASGI state
OPENING = 1.0  # seconds in which a refusal may still come with a status of its own
COMMENT = b": still here\n\n"


class EventStream:
    def __init__(
        self,
        start: Callable[[], Awaitable[None]],
        send: Send,
        *,
        keep_alive: float,
        encode_error: Callable[[Exception], bytes],
    ) -> None:
        self._start = start
        self._send = send
        self._keep_alive = keep_alive
        self._encode_error = encode_error
        self._lock = asyncio.Lock()
        self._is_open = False

    async def run(self, events: AsyncIterator[T], encode: Callable[[T], bytes], scope: Scope, receive: Receive) -> None:
        """Until the events end, the listener leaves or the server stops, whichever comes first."""
        pump = asyncio.create_task(self._pump(events, encode))
        departure = asyncio.create_task(_departure(receive))
        stop = asyncio.create_task(_stop(scope))
        beat = asyncio.create_task(self._beat())
        try:
            await asyncio.wait({pump, departure, stop}, return_when=asyncio.FIRST_COMPLETED)
            is_over, has_left = pump.done(), departure.done()
        finally:
            await _cancel([pump, departure, stop, beat])
        if is_over:
            pump.result()
        if not has_left:
            await self._end(was_cut=not is_over)

    async def _pump(self, events: AsyncIterator[T], encode: Callable[[T], bytes]) -> None:
        """Alone in touching `events`: a generator's spans and locks belong to the task that entered them."""
        try:
            async for event in events:
                await self._write(encode(event))
        except Exception as error:
            if not self._is_open:
                raise
            report(error)
            await self._write(self._encode_error(error))
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()

    async def _beat(self) -> None:
        await asyncio.sleep(OPENING)
        while True:
            await self._write(COMMENT)
            await asyncio.sleep(self._keep_alive)

    async def _write(self, piece: bytes, *, is_last: bool = False) -> None:
        async with self._lock:
            if not self._is_open:
                self._is_open = True
                await self._start()
            await self._send({"type": "http.response.body", "body": piece, "more_body": not is_last})

    async def _end(self, *, was_cut: bool) -> None:
        stopping = Unavailable("The server is stopping; ask again in a moment.", retry_after=1)
        await self._write(self._encode_error(stopping) if was_cut else b"", is_last=True)


def event_message(event_id: str | None, name: str, content: Any) -> bytes:
    """`content` as one line of JSON, so that no line break in it can end the event."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: ".encode() + msgspec.json.encode(content, enc_hook=str) + b"\n\n"


def error_message(error: Exception) -> bytes:
    return event_message(None, "error", problem_of(error))


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stop(scope: Scope) -> None:
    stopping: asyncio.Event = scope["state"].get(STOPPING) or asyncio.Event()
    await stopping.wait()


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
