"""What an answer costs at the prices that the settings state, as each provider tells what it read and wrote."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.chat_formats import CACHED, KEPT, READ, WRITTEN
from support.chat_server import NAMES, ChatServer, open_service
from support.scripted_chat import Bench, bench

from footnote.config.model_access import price_of
from footnote.config.settings import load_settings
from footnote.platform.inference import Usage
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
