"""The rules by which queries are held against indexes; wrong ones would prove nothing."""

from types import SimpleNamespace
from typing import Any

import pytest
from support.index_rules import Indexes, Query, queries
from support.plans import recorded, scanned, unserved
from support.stores import mongo_database

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, DropIndex, MongoMigration

STEPS = (
    AddCollection(name="pet", validator={}),
    AddIndex(collection="pet", name="read", keys=(("tenant", 1), ("kind", 1), ("age", -1))),
    AddIndex(collection="pet", name="text", keys=(("tenant", 1), ("words", "text"))),
    AddIndex(collection="pet", name="named", keys=(("name", 1),), partial={"named": True}),
    AddIndex(collection="pet", name="gone", keys=(("color", 1),)),
    DropIndex(collection="pet", name="gone"),
)
INDEXES = Indexes({"zoo": [MongoMigration(1, "pets", STEPS)]})


def serves(where: dict[str, Any], **rest: Any) -> bool:
    return INDEXES.serve(Query(collection="pet", where=where, **rest))


@pytest.mark.parametrize(
    "where",
    [
        {"_id": "1"},
        {"_id": {"$gt": ""}, "color": "red"},
        {"tenant": "a"},
        {"tenant": "a", "kind": {"$in": ["cat"]}, "color": "red"},
        {"tenant": "a", "kind": {"$gte": "c"}},
        {"$and": [{"tenant": "a"}, {"kind": "cat"}], "color": "red"},
        {"tenant": "a", "$or": [{"kind": "cat"}, {"_id": "1"}]},
        {"tenant": "a", "$text": {"$search": "paw"}},
        {"name": "Tom", "named": True},
    ],
)
def test_an_index_serves_what_fixes_its_first_fields(where: dict[str, Any]) -> None:
    assert serves(where)


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"kind": "cat"},
        {"color": "red"},
        {"tenant": {"$ne": "a"}},
        {"tenant": {"$exists": True}},
        {"tenant": "a", "color": "red"},  # reads all of a tenant's
        {"tenant": "a", "$or": [{"kind": "cat"}, {"color": "red"}]},
        {"$or": [{"_id": "1"}, {"age": 3}]},
        {"name": "Tom"},  # the index holds only some
        {"$text": {"$search": "paw"}},
    ],
)
def test_no_index_serves_what_leaves_its_first_fields_open(where: dict[str, Any]) -> None:
    assert not serves(where)


def test_an_index_serves_the_first_of_an_order() -> None:
    assert serves({"color": "red"}, sort={"_id": 1}, limit=1)
    assert not serves({"color": "red"}, sort={"_id": 1})
    assert serves({"tenant": "a", "color": "red"}, sort={"kind": 1, "age": -1})


def test_a_collection_that_no_migration_made_is_served_by_nothing() -> None:
    assert not INDEXES.serve(Query(collection="toy", where={"_id": "1"}))


def test_every_part_of_a_pipeline_is_looked_at() -> None:
    joined = {
        "$lookup": {"from": "toy", "foreignField": "pet", "localField": "_id", "pipeline": [{"$match": {"n": 1}}]}
    }
    pipeline = [{"$match": {"tenant": "a"}}, joined, {"$unionWith": {"coll": "zoo", "pipeline": [{"$limit": 1}]}}]
    found = [query.shape for query in queries({"aggregate": "pet", "pipeline": pipeline})]
    assert found == [("pet", ("tenant",)), ("toy", ("n", "pet")), ("zoo", ())]


@pytest.mark.parametrize(
    ("plan", "is_scan"),
    [
        ({"stage": "FETCH", "inputStage": {"stage": "IXSCAN", "indexName": "read"}}, False),
        ({"stage": "LIMIT", "inputStage": {"stage": "COLLSCAN", "direction": "forward"}}, True),
        ({"stage": "SINGLE_SHARD", "shards": [{"winningPlan": {"stage": "COLLSCAN"}}]}, True),
        ({"stage": "FETCH", "rejectedPlans": [{"stage": "COLLSCAN"}]}, False),
    ],
)
async def test_a_scan_is_found_in_what_a_server_explains(plan: dict[str, Any], is_scan: bool) -> None:
    class Explaining:
        async def command(self, *_: object, **__: object) -> dict[str, Any]:
            return {"stages": [{"$cursor": {"queryPlanner": {"winningPlan": plan}}}], "ok": 1.0}

    commands = [{"find": "pet", "filter": {"tenant": "a"}, "lsid": {}, "$db": "zoo"}]
    assert bool(await scanned(SimpleNamespace(database=Explaining()), commands)) is is_scan  # type: ignore[arg-type]


async def test_what_the_driver_sends_is_recorded() -> None:
    async with mongo_database() as database:
        jobs = database.collection("job")
        with recorded(database.name) as commands:
            await jobs.update_one({"kind": "a"}, {"$set": {"kind": "b"}})
            await jobs.delete_many({"kind": "a"})
            await jobs.count({"_id": "1"})
    assert [next(iter(command)) for command in commands] == ["update", "delete", "aggregate"]
    assert len(unserved(commands)) == 1
