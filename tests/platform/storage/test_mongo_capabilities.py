"""What servers can do: asked of a real one, and of some that answer as documented."""

from datetime import timedelta
from typing import Any

import pytest
from support.acting_mongo import (
    ATLAS,
    ATLAS_LOCAL,
    COMMUNITY,
    DOCUMENTDB,
    MONGODB,
    OLDER_ATLAS,
    STANDALONE,
    Actor,
    acting,
)
from support.stores import mongo_database

from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.mongo import MongoOptions
from footnote.platform.storage.mongo_capabilities import Capabilities, VectorSearchMissing, find_capabilities

NAMES = ("vector_search", "text_search", "rank_fusion", "score_fusion", "rerank", "transactions")


async def found(actor: Actor, options: MongoOptions | None = None) -> Capabilities:
    async with acting(actor, options) as database:
        return await find_capabilities(database)


@pytest.mark.parametrize(
    ("actor", "server", "has"),
    [
        (ATLAS, "atlas", (True, True, True, True, True, True)),
        (OLDER_ATLAS, "atlas", (True, True, True, False, False, True)),
        (ATLAS_LOCAL, "atlas-local", (True, True, True, True, False, True)),
        (COMMUNITY, "community", (True, True, True, True, False, True)),
        (MONGODB, "mongodb", (False, False, False, False, False, True)),
        (STANDALONE, "mongodb", (False, False, False, False, False, False)),
        (DOCUMENTDB, "documentdb", (False, False, False, False, False, True)),
    ],
)
async def test_each_kind_of_server_is_known_by_its_answers(actor: Actor, server: str, has: tuple[bool, ...]) -> None:
    capabilities = await found(actor)
    assert (capabilities.server, capabilities.version) == (server, actor.version)
    assert tuple(getattr(capabilities, name) for name in NAMES) == has


@pytest.mark.parametrize("name", ["$search", "$vectorSearch", "$listSearchIndexes", "$rankFusion", "$scoreFusion"])
async def test_a_search_is_sent_with_the_read_concern_that_servers_take(name: str) -> None:
    able = Actor(version="8.3.1", stages=frozenset({name}), has_search=True)
    async with acting(able) as database:
        assert await database.collection("chunk").aggregate([{name: {}}]) == []


async def test_documentdb_searches_vectors_and_has_transactions() -> None:
    async with mongo_database() as database:
        capabilities = await find_capabilities(database)
    assert capabilities.server == "documentdb"
    assert [getattr(capabilities, name) for name in NAMES] == [True, False, False, False, False, True]


async def test_what_is_missing_is_said_with_the_servers_reason() -> None:
    lines = (await found(MONGODB)).describe()
    assert lines[0] == "MongoDB without search 7.0.14"
    assert any(line.startswith("vector search: no (Using Atlas Search") for line in lines)
    assert "rank fusion: no (Unrecognized pipeline stage name: '$rankFusion')" in lines
    assert "transactions: yes" in lines


async def test_abilities_are_plain_values() -> None:
    abilities = (await found(COMMUNITY)).abilities()
    assert abilities["server"] == "community"
    assert abilities["rank_fusion"] is True
    assert "refusals" not in abilities


async def test_searching_by_meaning_without_vector_search_is_refused_with_what_to_do() -> None:
    (await found(COMMUNITY)).require_vector_search()
    with pytest.raises(VectorSearchMissing, match=r"mode: lexical.*Atlas.*mongot.*embedded store"):
        (await found(MONGODB)).require_vector_search()


class Leaving(Actor):
    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        if "pipeline" in command:
            raise ConnectionResetError
        return super().answer(command)


async def test_a_server_that_goes_away_is_not_one_that_can_do_nothing() -> None:
    with pytest.raises(StoreUnavailable):
        await found(Leaving(version="8.2.0"), MongoOptions(operation=timedelta(seconds=1)))
