import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from litestar import Litestar, get
from opentelemetry.sdk.trace import TracerProvider

from footnote.platform.errors import NotFound
from footnote.platform.http.sse import ServerSentEvents

UNSPEAKABLE = 7


class Source:
    """Emits `count` numbers, then does as told: ends, fails or waits for ever; knows whether it was closed."""

    def __init__(self, count: int, then: Exception | None = None, *, waits: bool = False) -> None:
        self.count = count
        self.then = then
        self.waits = waits
        self.closed = asyncio.Event()
        self.running = self.events()  # kept, so that no garbage collector closes it

    async def events(self) -> AsyncIterator[int]:
        try:
            for number in range(self.count):
                yield number
            if self.then:
                raise self.then
            if self.waits:
                await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # what cleans up may need the loop once more
            self.closed.set()


def as_event(number: int) -> tuple[str | None, str, Any]:
    if number == UNSPEAKABLE:
        raise RuntimeError
    return str(number), "number", {"number": number, "text": "two\nlines"}


@pytest.fixture
def streaming(make_app: Callable[..., Litestar]) -> Callable[..., Litestar]:
    def make(source: Source, *, keep_alive: float = 15) -> Litestar:
        @get("/stream", media_type="text/event-stream")
        async def stream() -> ServerSentEvents[int]:
            return ServerSentEvents(source.running, as_event, keep_alive=keep_alive)

        return make_app(stream)

    return make


async def test_events_have_an_id_a_name_and_one_line_of_json(streaming: Any, running: Any) -> None:
    async with running(streaming(Source(2))) as (_, client):
        response = await client.get("/stream")
    assert response.text.split("\n\n") == [
        'id: 0\nevent: number\ndata: {"number":0,"text":"two\\nlines"}',
        'id: 1\nevent: number\ndata: {"number":1,"text":"two\\nlines"}',
        "",
    ]


async def test_nothing_on_the_way_may_hold_the_stream_back(streaming: Any, running: Any) -> None:
    async with running(streaming(Source(1))) as (_, client):
        headers = (await client.get("/stream")).headers
    assert headers["content-type"].startswith("text/event-stream")
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")
    assert "content-length" not in headers


async def test_an_event_arrives_while_the_source_still_works(streaming: Any, running: Any) -> None:
    async with running(streaming(Source(1, waits=True))) as (_, client), client.stream("GET", "/stream") as response:
        assert await anext(response.aiter_lines()) == "id: 0"


async def test_the_source_is_closed_when_the_listener_leaves(streaming: Any, running: Any) -> None:
    source = Source(1, waits=True)
    async with running(streaming(source)) as (_, client):
        async with client.stream("GET", "/stream") as response:
            await anext(response.aiter_lines())
        async with asyncio.timeout(10):
            await source.closed.wait()


async def test_an_error_before_the_first_event_has_its_own_status(streaming: Any, running: Any) -> None:
    source = Source(0, NotFound("No such document."))
    async with running(streaming(source)) as (_, client):
        response = await client.get("/stream")
    assert (response.status_code, response.json()["detail"]) == (404, "No such document.")
    assert source.closed.is_set()


async def test_an_error_after_the_first_event_is_an_event(streaming: Any, running: Any) -> None:
    async with running(streaming(Source(1, NotFound("Deleted meanwhile.")))) as (_, client):
        *_, last, _ = (await client.get("/stream")).text.split("\n\n")
    name, data = last.split("\ndata: ")
    assert (name, json.loads(data)["detail"]) == ("event: error", "Deleted meanwhile.")


async def test_an_unexpected_error_in_a_stream_tells_nothing(streaming: Any, running: Any) -> None:
    async with running(streaming(Source(1, RuntimeError("hunter2")))) as (_, client):
        text = (await client.get("/stream")).text
    assert '"status":500' in text
    assert "hunter2" not in text


async def test_the_source_is_closed_when_an_event_cannot_be_told(streaming: Any, running: Any) -> None:
    source = Source(UNSPEAKABLE + 2)
    async with running(streaming(source)) as (_, client):
        assert '"status":500' in (await client.get("/stream")).text
    assert source.closed.is_set()


async def test_silence_is_filled_with_comments(streaming: Any, running: Any) -> None:
    app = streaming(Source(0, waits=True), keep_alive=0.01)
    async with running(app) as (_, client), client.stream("GET", "/stream") as response:
        lines = response.aiter_lines()
        assert [await anext(lines) for _ in range(3)] == [": still here", "", ": still here"]


async def test_a_stopping_server_ends_its_streams(streaming: Any, running: Any) -> None:
    source = Source(1, waits=True)
    async with running(streaming(source)) as (server, client), client.stream("GET", "/stream") as response:
        lines = response.aiter_lines()
        await anext(lines)
        server.should_exit = True
        rest = [line async for line in lines]
    assert "event: error" in rest
    assert source.closed.is_set()


class Traced(Source):
    async def events(self) -> AsyncIterator[int]:
        with TracerProvider().get_tracer("test").start_as_current_span("events"):
            yield 1
            await asyncio.Event().wait()


async def test_a_source_may_hold_a_span_open(streaming: Any, running: Any, caplog: Any) -> None:
    async with running(streaming(Traced(1))) as (_, client), client.stream("GET", "/stream") as response:
        await anext(response.aiter_lines())
    assert "different Context" not in caplog.text
