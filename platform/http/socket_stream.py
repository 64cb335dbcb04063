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
GOING_AWAY = 1001  # close codes
INTERNAL_ERROR = 1011


async def stream_events(
    socket: WebSocket[Any, Any, Any], events: AsyncIterator[T], as_event: Callable[[T], ServerEvent]
) -> None:
    """Until the events end, the listener leaves or the server stops; what the listener says is not heeded."""
    await socket.accept()
    pump = asyncio.create_task(_pump(socket, events, as_event))
    departure = asyncio.create_task(_departure(socket))
    stop = asyncio.create_task(_stop(socket))
    tasks = {pump, departure, stop}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        has_left, error = departure.done(), pump.exception() if pump.done() else None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if not has_left:
        await _end(socket, error)


async def _pump(
    socket: WebSocket[Any, Any, Any], events: AsyncIterator[T], as_event: Callable[[T], ServerEvent]
) -> None:
    try:
        async for event in events:
            await _send(socket, *as_event(event))
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()


async def _end(socket: WebSocket[Any, Any, Any], error: BaseException | None) -> None:
    if isinstance(error, Exception) and not isinstance(error, WebSocketDisconnect):
        report(error)
        await _send(socket, None, "error", problem_of(error))
        await socket.close(INTERNAL_ERROR)
    else:
        stopping = Unavailable("The server is stopping; connect again in a moment.", retry_after=1)
        await _send(socket, None, "error", problem_of(stopping))
        await socket.close(GOING_AWAY)


async def _send(socket: WebSocket[Any, Any, Any], event_id: str | None, name: str, content: Any) -> None:
    message = {"id": event_id, "event": name, "data": content}
    await socket.send_text(msgspec.json.encode(message, enc_hook=str).decode())


async def _departure(socket: WebSocket[Any, Any, Any]) -> None:
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        return


async def _stop(socket: WebSocket[Any, Any, Any]) -> None:
    stopping: asyncio.Event = socket.scope["state"].get(STOPPING) or asyncio.Event()
    await stopping.wait()
