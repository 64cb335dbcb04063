import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from support.stores import mongo_database

from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.platform.clock import utc_now
from footnote.platform.storage import mongo_migrations
from footnote.platform.storage.errors import SchemaOutdated, SchemaTooNew, StoreUnavailable
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_migrations import (
    LOCK,
    AddCollection,
    AddIndex,
    DropIndex,
    MongoMigration,
    MongoSlices,
    UpdateAll,
    is_new,
    migrate,
    require_current,
    set_up,
)

NAMED = {"$jsonSchema": {"bsonType": "object", "required": ["name"], "properties": {"name": {"bsonType": "string"}}}}
PET = AddCollection(name="pet", validator=NAMED)
BY_NAME = AddIndex(collection="pet", name="pet_name", keys=(("name", 1),), unique=True)
FIRST = MongoMigration(1, "pets", (PET, BY_NAME))
SECOND = MongoMigration(2, "toys", (AddCollection(name="toy", validator={}),))
ALL = [
    (name, step)
    for name, migrations in MONGO_MIGRATIONS.items()
    for migration in migrations
    for step in migration.steps
]


@pytest.fixture
async def mongodb() -> AsyncIterator[MongoDatabase]:
    async with mongo_database() as database:
        yield database


async def index_names(database: MongoDatabase, collection: str) -> set[str]:
    return set(await database.database[collection].index_information())


async def test_each_migration_is_applied_once(mongodb: MongoDatabase) -> None:
    assert await is_new(mongodb)
    assert await migrate(mongodb, {"zoo": [FIRST]}) == ["zoo/0001 pets"]
    assert await migrate(mongodb, {"zoo": [FIRST, SECOND]}) == ["zoo/0002 toys"]
    assert await migrate(mongodb, {"zoo": [FIRST, SECOND]}) == []
    await require_current(mongodb, {"zoo": [FIRST, SECOND]})
    assert await index_names(mongodb, "pet") == {"_id_", "pet_name"}


@pytest.mark.parametrize("row", [{}, {"name": 5}])
async def test_what_a_validator_does_not_allow_is_refused(mongodb: MongoDatabase, row: dict[str, Any]) -> None:
    await migrate(mongodb, {"zoo": [FIRST]})
    with pytest.raises(StoreUnavailable):
        await mongodb.collection("pet").insert_one(row)
    await mongodb.collection("pet").insert_one({"name": "Tom"})
    with pytest.raises(StoreUnavailable):
        await mongodb.collection("pet").update_one({"name": "Tom"}, {"$unset": {"name": ""}})


@pytest.mark.parametrize("steps_done", [1, 2, 3])
async def test_one_that_was_cut_off_is_run_again(
    mongodb: MongoDatabase, monkeypatch: pytest.MonkeyPatch, steps_done: int
) -> None:
    apply, done = mongo_migrations.apply, []

    async def cut_off(*args: Any) -> None:
        await apply(*args)
        done.append(args)
        if len(done) == steps_done:
            raise StoreUnavailable("the link is cut")

    slices = {"zoo": [FIRST, SECOND]}
    with monkeypatch.context() as cut, pytest.raises(StoreUnavailable):
        cut.setattr(mongo_migrations, "apply", cut_off)
        await migrate(mongodb, slices)
    assert "zoo/0002 toys" in await migrate(mongodb, slices)
    await require_current(mongodb, slices)


async def test_two_at_once_take_turns(mongodb: MongoDatabase) -> None:
    slices = {"zoo": [FIRST, SECOND]}
    applied = await asyncio.gather(migrate(mongodb, slices), migrate(mongodb, slices))
    assert sorted(applied) == [[], ["zoo/0001 pets", "zoo/0002 toys"]]


async def test_servers_that_start_at_once_set_an_empty_store_up_once(mongodb: MongoDatabase) -> None:
    slices = {"zoo": [FIRST, SECOND]}
    applied = await asyncio.gather(*(set_up(mongodb, slices) for _ in range(3)))
    assert sorted(map(len, applied)) == [0, 0, 2]


async def test_whoever_was_killed_while_it_migrated_holds_up_nobody_for_ever(mongodb: MongoDatabase) -> None:
    dead = {"_id": "migration", "holder": "dead", "until": utc_now() - timedelta(seconds=1)}
    await mongodb.collection(LOCK).insert_one(dead)
    assert await migrate(mongodb, {"zoo": [FIRST]}) == ["zoo/0001 pets"]
    assert await mongodb.collection(LOCK).find({}) == []


async def test_an_older_store_is_refused_with_the_command_that_mends_it(mongodb: MongoDatabase) -> None:
    await migrate(mongodb, {"zoo": [FIRST]})
    for open_store in (require_current, set_up):
        with pytest.raises(SchemaOutdated, match=r"`footnote migrate`.*zoo/0002 toys"):
            await open_store(mongodb, {"zoo": [FIRST, SECOND]})


async def test_a_newer_store_is_refused_with_what_mends_it(mongodb: MongoDatabase) -> None:
    await migrate(mongodb, {"zoo": [FIRST, SECOND]})
    for open_store in (require_current, set_up, migrate):
        with pytest.raises(SchemaTooNew, match=r"Install the version.*zoo/0002 toys"):
            await open_store(mongodb, {"zoo": [FIRST]})


async def test_a_store_whose_migration_was_another_is_refused(mongodb: MongoDatabase) -> None:
    await migrate(mongodb, {"zoo": [FIRST]})
    with pytest.raises(SchemaTooNew, match="zoo/0001 pets"):
        await migrate(mongodb, {"zoo": [MongoMigration(1, "pets", (PET,))]})


async def test_documents_are_brought_into_shape_and_old_indexes_go(mongodb: MongoDatabase) -> None:
    aged = UpdateAll(collection="pet", where={"age": {"$exists": False}}, update=[{"$set": {"age": {"$add": [1, 2]}}}])
    changed = MongoMigration(2, "ages", (aged, DropIndex(collection="pet", name="pet_name")))
    await migrate(mongodb, {"zoo": [FIRST]})
    await mongodb.collection("pet").insert_one({"_id": "Tom", "name": "Tom"})
    await migrate(mongodb, {"zoo": [FIRST, changed]})
    assert await mongodb.collection("pet").find({}) == [{"_id": "Tom", "name": "Tom", "age": 3}]
    assert await index_names(mongodb, "pet") == {"_id_"}


async def test_every_index_that_we_declare_is_made_as_declared(mongodb: MongoDatabase) -> None:
    await migrate(mongodb, MONGO_MIGRATIONS)
    dropped = {step.name for _, step in ALL if isinstance(step, DropIndex)}
    for step in (step for _, step in ALL if isinstance(step, AddIndex) and step.name not in dropped):
        index = (await mongodb.database[step.collection].index_information())[step.name]
        assert (index.get("unique", False), index.get("expireAfterSeconds")) == (step.unique, step.seconds)
        if all(direction in (1, -1) for _, direction in step.keys):
            assert [(field, int(direction)) for field, direction in index["key"]] == list(step.keys)


async def test_every_collection_that_we_declare_refuses_documents_without_their_fields(mongodb: MongoDatabase) -> None:
    await migrate(mongodb, MONGO_MIGRATIONS)
    required = [step.name for _, step in ALL if isinstance(step, AddCollection) and _required(step)]
    for name in required:
        with pytest.raises(StoreUnavailable):
            await mongodb.collection(name).insert_one({"_id": "1"})
    assert {"job", "blob", "counter", "document", "answer"} <= set(required)


def _required(step: AddCollection) -> list[str]:
    fields: list[str] = step.validator.get("$jsonSchema", {}).get("required", [])
    return fields


@pytest.mark.parametrize("slices", [MONGO_MIGRATIONS])
def test_numbers_follow_one_another_and_collections_are_made_before_their_indexes(slices: MongoSlices) -> None:
    made = set()
    for _, step in ALL:
        if isinstance(step, AddCollection):
            made.add(step.name)
        else:
            assert step.collection in made
    for migrations in slices.values():
        assert [migration.number for migration in migrations] == list(range(1, len(migrations) + 1))
