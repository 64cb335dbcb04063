"""What an answer costs at the prices that the settings state, as each provider tells what it read and wrote."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from support.chat_formats import CACHED, KEPT, READ, STREAMS, WRITTEN, Said, event
from support.chat_server import NAMES, ChatServer, open_service
from support.chat_streams import QUESTION
from support.scripted_chat import Bench, bench
from support.wire import Streamed

from footnote.config.model_access import price_of
from footnote.config.settings import load_settings
from footnote.platform.inference import ChatEvent, ChatRequest, ThoughtDelta, Usage
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.inference.gateway.spending.schema import MIGRATIONS
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

IN, OUT, FROM_CACHE, INTO_CACHE = 10.0, 20.0, 1.0, 12.5  # US dollars for a million tokens
PUT = {"google": 0}  # tokens put into the cache; it does not tell


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[ChatServer]:
    with ChatServer(request.param).serving() as server:
        yield server


@pytest.fixture(params=["/1/12.5", "/1", ""])
async def desk(
    server: ChatServer, database: SqliteDatabase, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Bench]:
    await migrate(database, {"spending": MIGRATIONS})
    name = NAMES[server.provider]
    settings = load_settings({"FOOTNOTE_MODEL_PRICES": f"{name}=10/20{request.param}"}, folder=tmp_path).settings
    service: Any = open_service(server)
    desk = bench(database, service, price=price_of(settings, name))
    yield desk
    await desk.gateway.close()


async def test_the_cache_of_the_provider_is_paid_for_as_stated(
    desk: Bench, server: ChatServer, request: pytest.FixtureRequest
) -> None:
    stated = request.node.callspec.params["desk"]
    from_cache, into_cache = FROM_CACHE if stated else IN, INTO_CACHE if stated.count("/") == 2 else IN
    put = PUT.get(server.provider, KEPT)
    expected = (READ - CACHED - put) * IN + CACHED * from_cache + put * into_cache + WRITTEN * OUT
    *_, usage, _ = await desk.ask()
    assert isinstance(usage, Usage)
    assert usage.cost_usd == pytest.approx(expected / 1e6)
    assert [entry.cost / 1e9 for entry in await desk.entries()] == [pytest.approx(expected / 1e6)]


class Watched:
    """A `ChatService` that says when a thought was taken from it."""

    def __init__(self, service: ChatService) -> None:
        self.endpoint, self.context_tokens, self.close = service.endpoint, service.context_tokens, service.close
        self._service = service
        self.has_thought = asyncio.Event()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        async with aclosing(self._service.stream(request)) as events:
            async for each in events:
                yield each
                if isinstance(each, ThoughtDelta):
                    self.has_thought.set()


async def test_who_leaves_amid_thoughts_that_nobody_sees_pays_for_them(
    server: ChatServer, database: SqliteDatabase
) -> None:
    await migrate(database, {"spending": MIGRATIONS})
    parts = STREAMS[server.provider](Said(thoughts=("Fire is red. " * 20,)))
    thought = 1 + next(at for at, part in enumerate(parts) if b"Fire" in part)
    server.replies = [Streamed(parts[:thought], "silence")]
    service: Any = Watched(open_service(server))
    desk = bench(database, service)
    asking = asyncio.create_task(desk.ask())
    await service.has_thought.wait()
    asking.cancel()
    await asyncio.wait([asking])
    await desk.gateway.close()
    [entry] = await desk.entries()
    assert entry.output_tokens >= 60  # three words, twenty times


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
async def test_it_is_told_when_a_model_begins_to_think_and_may_not_tell_all_of_it(provider: str) -> None:
    parts = STREAMS[provider](Said(thoughts=("",)))
    with ChatServer(provider).serving() as server:
        server.replies = [Streamed(parts)]
        service = open_service(server)
        thoughts = [each async for each in service.stream(QUESTION) if isinstance(each, ThoughtDelta)]
        await service.close()
    assert thoughts[0] == ThoughtDelta("")


async def test_google_tells_in_its_midst_how_much_it_has_thought() -> None:
    chunks = [{"usageMetadata": {"promptTokenCount": READ, "thoughtsTokenCount": thought}} for thought in (10, 10, 25)]
    with ChatServer("google").serving() as server:
        server.replies = [Streamed([event(chunk) for chunk in chunks], "silence")]
        service = open_service(server)
        async with aclosing(service.stream(QUESTION)) as events:
            told = [await anext(events), await anext(events)]
        await service.close()
    assert told == [
        Usage(input_tokens=READ, output_tokens=thought, thought_tokens=thought, cached_tokens=0) for thought in (10, 25)
    ]
