"""Events over a WebSocket: each a JSON text `{"id", "event", "data"}`, as event streams have them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import Any, TypeVar

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from footnote.platform.errors import Unavailable
from footnote.platform.http.event_stream import STOPPING, ServerEvent
from footnote.platform.http.problem import problem_of, report

T = TypeVar("T")
NORMAL, GOING_AWAY, INTERNAL_ERROR = 1000, 1001, 1011  # close codes
STOPPED = Unavailable("The server is stopping; connect again in a moment.", retry_after=1)


async def stream_events(
    socket: WebSocket[Any, Any, Any], events: AsyncIterator[T], as_event: Callable[[T], ServerEvent]
) -> None:
    """Until the events end, the listener leaves or the server stops; what the listener says is not heeded."""
    await socket.accept()
    pump = asyncio.create_task(_pump(socket, events, as_event))
    departure = asyncio.create_task(_departure(socket))
    stop = asyncio.create_task(stopping(socket))
    tasks = {pump, departure, stop}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        has_left, is_over = departure.done(), pump.done()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if not has_left:
        await _end(socket, pump.exception() if is_over else STOPPED)


async def _pump(
    socket: WebSocket[Any, Any, Any], events: AsyncIterator[T], as_event: Callable[[T], ServerEvent]
) -> None:
    try:
        async for event in events:
            await send_event(socket, *as_event(event))
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()


async def _end(socket: WebSocket[Any, Any, Any], error: BaseException | None) -> None:
    if isinstance(error, WebSocketDisconnect):
        return  # it left while something was sent to it
    if isinstance(error, Exception):
        if error is not STOPPED:
            report(error)
        await send_event(socket, None, "error", problem_of(error))
    await socket.close(_close_code(error))


def _close_code(error: BaseException | None) -> int:
    if error is None:
        return NORMAL
    return GOING_AWAY if error is STOPPED else INTERNAL_ERROR


async def send_event(socket: WebSocket[Any, Any, Any], event_id: str | None, name: str, content: Any) -> None:
    message = {"id": event_id, "event": name, "data": content}
    await socket.send_text(msgspec.json.encode(message, enc_hook=str).decode())


async def _departure(socket: WebSocket[Any, Any, Any]) -> None:
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        return


async def stopping(socket: WebSocket[Any, Any, Any]) -> None:
    """Until the server stops."""
    event: asyncio.Event = socket.scope["state"].get(STOPPING) or asyncio.Event()
    await event.wait()
