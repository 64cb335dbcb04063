"""Stores that are new, older, newer or somebody else's, of either kind."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pymongo import MongoClient
from support.places import mongo_place

from footnote.config.commands.asking import search_store
from footnote.config.commands.maintenance import migrate as migrate_store
from footnote.config.embedding import build_embedder
from footnote.config.migrations import MIGRATIONS, MONGO_MIGRATIONS
from footnote.config.services import open_services
from footnote.config.settings import Settings, load_settings
from footnote.config.stores import Store, open_store
from footnote.platform.storage import migrations, mongo_migrations
from footnote.platform.storage.errors import ForeignDatabase, SchemaOutdated, SchemaTooNew
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.sqlite import SqliteDatabase


@pytest.fixture(params=["sqlite", "mongodb"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with ExitStack() as stack:
        store = "sqlite" if request.param == "sqlite" else stack.enter_context(mongo_place())
        yield load_settings({"FOOTNOTE_HOME": str(tmp_path), "FOOTNOTE_STORE": store}, folder=tmp_path).settings


@pytest.fixture
def on_mongodb(tmp_path: Path) -> Iterator[Settings]:
    with mongo_place() as uri:
        yield load_settings({"FOOTNOTE_HOME": str(tmp_path), "FOOTNOTE_STORE": uri}, folder=tmp_path).settings


@asynccontextmanager
async def opened(settings: Settings, **options: Any) -> AsyncIterator[Store]:
    home = Path(settings.home)
    embedder = build_embedder(settings, home / "models")
    async with open_store(settings, home, embedder, **options) as store:
        yield store
    await embedder.close()


async def make_older(settings: Settings) -> None:
    """A store as a version without answers would have left it."""
    if settings.store.kind == "sqlite":
        sqlite = await SqliteDatabase.open(Path(settings.home) / "footnote.db")
        await migrations.migrate(sqlite, without_last(MIGRATIONS))
        await sqlite.close()
    else:
        mongo = await MongoDatabase.open(settings.store.reveal())
        await mongo_migrations.migrate(mongo, without_last(MONGO_MIGRATIONS))
        await mongo.close()


def without_last(slices: dict[str, Any]) -> dict[str, Any]:
    return dict(list(slices.items())[:-1])


async def test_a_new_store_is_set_up_by_whoever_opens_it(settings: Settings) -> None:
    for _ in range(2):
        async with opened(settings) as store:
            assert await store.jobs.depth() == {}
    assert (await migrate_store(settings)).done == ()


async def test_migrating_sets_up_too_and_tells_what_it_did(settings: Settings) -> None:
    assert (await migrate_store(settings)).done[0].startswith("storage/0001 ")
    assert (await migrate_store(settings)).done == ()


async def test_an_older_store_is_refused_until_it_is_migrated(settings: Settings) -> None:
    await make_older(settings)
    with pytest.raises(SchemaOutdated, match=r"`footnote migrate`.*generation/0001"):
        async with opened(settings):
            pass
    assert "generation/0001 answers" in (await migrate_store(settings)).done
    async with opened(settings) as store:
        assert await store.jobs.depth() == {}


async def test_a_newer_store_is_refused_and_not_migrated(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    await migrate_store(settings)
    for slices in (MIGRATIONS, MONGO_MIGRATIONS):
        monkeypatch.delitem(slices, "generation")
    with pytest.raises(SchemaTooNew, match="generation/0001"):
        async with opened(settings):
            pass
    with pytest.raises(SchemaTooNew, match="generation/0001"):
        await migrate_store(settings)


async def test_a_database_of_others_is_left_alone(on_mongodb: Settings) -> None:
    with MongoClient[dict[str, Any]](on_mongodb.store.reveal()) as client:
        client.get_default_database()["document"].insert_one({"_id": 1, "what": "theirs"})
        with pytest.raises(ForeignDatabase, match="document"):
            async with opened(on_mongodb):
                pass
        assert list(client.get_default_database()["document"].find()) == [{"_id": 1, "what": "theirs"}]


async def test_a_throw_away_store_is_a_database_of_its_own(on_mongodb: Settings) -> None:
    with MongoClient[dict[str, Any]](on_mongodb.store.reveal()) as client:
        before = set(client.list_database_names())
        async with opened(on_mongodb, is_throw_away=True) as store:
            assert await store.jobs.depth() == {}
            (name,) = (each for each in set(client.list_database_names()) - before if "evaluate" in each)
        assert name not in client.list_database_names()


async def test_only_what_stays_begins_to_embed_a_store_anew(settings: Settings) -> None:
    async with opened(settings):
        pass
    finer = msgspec.structs.replace(settings, embedding_precision="fp32")
    await search_store(finer, "red fox", "lexical", None)
    async with opened(settings) as store:
        assert [space.state for space in await store.spaces.living()] == ["active"]
    async with open_services(finer, may_change_model=True) as services:
        assert [space.state for space in await services.store.spaces.living()] == ["active", "filling"]


async def test_migrating_looks_after_the_indexes_of_the_models_in_use(on_mongodb: Settings) -> None:
    async with opened(on_mongodb):
        pass
    finer = msgspec.structs.replace(on_mongodb, embedding_precision="fp32")
    assert (await migrate_store(finer)).done == ()


def test_sqlite_loads_no_driver_of_mongodb() -> None:
    modules = "footnote.config.commands.serving, footnote.config.stores.sqlite, footnote.config.doctor.stores"
    command = f"import sys, {modules}; assert not {{'pymongo', 'bson', 'obstore'}} & sys.modules.keys()"
    subprocess.run([sys.executable, "-P", "-c", command], check=True)


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_serving_an_older_store_ends_at_once_with_what_mends_it(settings: Settings, workers: str) -> None:
    await make_older(settings)
    environment = {**os.environ, "FOOTNOTE_HOME": settings.home, "FOOTNOTE_STORE": settings.store.reveal()}
    command = [sys.executable, "-P", "-m", "footnote", "serve", "--port", "0", "--workers", workers]
    done = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr.count("`footnote migrate`")) == (1, 1)
