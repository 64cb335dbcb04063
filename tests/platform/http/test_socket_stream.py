"""Events over a WebSocket, until whoever is first ends it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar.exceptions import WebSocketDisconnect

from footnote.platform.errors import NotFound
from footnote.platform.http.event_stream import STOPPING, ServerEvent
from footnote.platform.http.socket_stream import GOING_AWAY, INTERNAL_ERROR, NORMAL, stream_events


class Socket:
    """What a handler sees of a listener that says nothing and leaves when told to."""

    def __init__(self) -> None:
        self.stopping, self.left = asyncio.Event(), asyncio.Event()
        self.scope = {"state": {STOPPING: self.stopping}}
        self.sent: list[dict[str, Any]] = []
        self.close_code: int | None = None
        self.breaks_at: int | None = None

    async def accept(self) -> None: ...

    async def send_text(self, text: str) -> None:
        if len(self.sent) == self.breaks_at:
            raise WebSocketDisconnect(detail="gone")
        self.sent.append(json.loads(text))

    async def receive_text(self) -> str:
        await self.left.wait()
        raise WebSocketDisconnect(detail="left")

    async def close(self, code: int) -> None:
        self.close_code = code


class Source:
    """Emits two numbers, then does as told: ends, fails or waits for ever; knows whether it was closed."""

    def __init__(self, then: Exception | None = None, *, waits: bool = False) -> None:
        self.then = then
        self.waits = waits
        self.closed = False

    async def events(self) -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
            if self.then:
                raise self.then
            if self.waits:
                await asyncio.Event().wait()
        finally:
            self.closed = True


def as_event(number: int) -> ServerEvent:
    return str(number), "number", {"number": number}


async def streamed(socket: Any, source: Source) -> None:
    await asyncio.wait_for(stream_events(socket, source.events(), as_event), 5)


async def test_each_event_is_one_text_with_id_name_and_data() -> None:
    socket = Socket()
    await streamed(socket, Source())
    assert socket.sent == [{"id": str(n), "event": "number", "data": {"number": n}} for n in (1, 2)]
    assert socket.close_code == NORMAL


async def test_a_listener_that_leaves_closes_the_source() -> None:
    socket, source = Socket(), Source(waits=True)
    streaming = asyncio.create_task(streamed(socket, source))
    await asyncio.sleep(0.01)
    assert not streaming.done()
    socket.left.set()
    await streaming
    assert (source.closed, socket.close_code) == (True, None)


async def test_a_listener_that_is_gone_when_something_is_sent_is_no_error() -> None:
    socket, source = Socket(), Source(waits=True)
    socket.breaks_at = 1
    await streamed(socket, source)
    assert (source.closed, len(socket.sent), socket.close_code) == (True, 1, None)


async def test_a_server_that_stops_says_so_and_closes_the_source() -> None:
    socket, source = Socket(), Source(waits=True)
    streaming = asyncio.create_task(streamed(socket, source))
    await asyncio.sleep(0.01)
    socket.stopping.set()
    await streaming
    assert (source.closed, socket.close_code) == (True, GOING_AWAY)
    assert (socket.sent[-1]["event"], socket.sent[-1]["data"]["status"]) == ("error", 503)


@pytest.mark.parametrize(("error", "status"), [(NotFound("It is gone."), 404), (RuntimeError("secret"), 500)])
async def test_an_error_is_the_last_event_and_tells_nothing_of_the_inside(error: Exception, status: int) -> None:
    socket, source = Socket(), Source(then=error)
    await streamed(socket, source)
    last = socket.sent[-1]
    assert (last["id"], last["event"], last["data"]["status"]) == (None, "error", status)
    assert (source.closed, socket.close_code, "secret" in str(last)) == (True, INTERNAL_ERROR, False)


async def test_who_serves_it_may_be_cancelled() -> None:
    socket, source = Socket(), Source(waits=True)
    streaming = asyncio.create_task(streamed(socket, source))
    await asyncio.sleep(0.01)
    streaming.cancel()
    await asyncio.wait([streaming])
    assert source.closed
