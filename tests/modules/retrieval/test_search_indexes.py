"""Search indexes: their definitions against the documented grammar, and making them on a server."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.acting_mongo import COMMUNITY, MONGODB, Actor, acting
from support.atlas_grammar import check_text_index, check_vector_index
from support.stores import mongo_database

from footnote.config.setting_kinds import STEMMED
from footnote.modules.retrieval.filters import parse_filter
from footnote.modules.retrieval.repository.atlas_pipelines import ANALYZERS
from footnote.modules.retrieval.repository.mongo_filters import clauses
from footnote.modules.retrieval.repository.search_indexes import (
    SearchIndexNotReady,
    TextIndex,
    VectorIndex,
    drop,
    ensure,
    is_current,
)
from footnote.platform.storage.mongo import MongoDatabase

METADATA: Any = {"year": "number", "author": "string", "final": "boolean", "signed": "time", "a.b": "string"}
WAIT = timedelta(seconds=30)


@pytest.fixture
async def database() -> AsyncIterator[MongoDatabase]:
    async with mongo_database() as opened:
        await opened.database.create_collection("chunk")
        yield opened


def vectors(**changes: Any) -> VectorIndex:
    return VectorIndex(**{"embedding": "local:mini.v2", "dimension": 8, **changes})


@pytest.mark.parametrize("quantization", ["none", "scalar", "binary"])
def test_a_vector_index_is_of_the_documented_grammar(quantization: Any) -> None:
    check_vector_index(vectors(quantization=quantization, metadata=METADATA).definition)


@pytest.mark.parametrize("metadata", [{}, METADATA])
def test_a_text_index_is_of_the_documented_grammar(metadata: Any) -> None:
    check_text_index(TextIndex(languages=("en", "de"), metadata=metadata).definition)


def test_each_model_has_an_index_and_a_field_of_its_own() -> None:
    models = [vectors(), vectors(dimension=16), vectors(embedding="local:mini.v2:fp32")]
    assert len({index.name for index in models}) == len({index.path for index in models}) == 3


def test_binary_quantization_needs_whole_bytes() -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        vectors(quantization="binary", dimension=12)


def test_every_field_that_may_be_filtered_by_is_in_both_indexes() -> None:
    filters = {"document_id": "d", "media_type": "m", "language": "en", "created_at": "2024-01-01"}
    declared = {
        f"metadata.{key}": {"string": "x", "number": 1, "boolean": True, "time": "2024-01-01"}[kind]
        for key, kind in METADATA.items()
    }
    terms = clauses(parse_filter({**filters, **declared}, METADATA)) or []
    paths = {term["equals"]["path"] for term in terms[0]["compound"]["filter"]}
    assert paths <= {field["path"] for field in vectors(metadata=METADATA).definition["fields"]}
    assert paths <= paths_of(TextIndex(languages=(), metadata=METADATA).definition["mappings"])


def paths_of(mapping: dict[str, Any], prefix: str = "") -> set[str]:
    inner = [paths_of(field, f"{prefix}{name}.") for name, field in mapping["fields"].items() if "fields" in field]
    return {prefix + name for name in mapping["fields"]}.union(*inner)


def test_defaults_that_the_server_adds_are_no_change() -> None:
    index = TextIndex(languages=("en",), metadata=METADATA)
    latest = {**index.definition, "analyzer": "lucene.standard", "numPartitions": 1}
    assert is_current(latest, index)


@pytest.mark.parametrize(
    "wanted", [vectors(metadata={"year": "number"}), vectors(quantization="scalar"), vectors(dimension=16)]
)
def test_another_definition_is_a_change_either_way(wanted: VectorIndex) -> None:
    assert not is_current(vectors().definition, wanted)
    assert not is_current(wanted.definition, vectors())


def test_metadata_that_is_no_longer_declared_is_a_change() -> None:
    assert not is_current(TextIndex(languages=("en",), metadata=METADATA).definition, TextIndex(languages=("en",)))


async def test_what_is_missing_is_created_once(database: MongoDatabase) -> None:
    index = vectors(metadata=METADATA)
    assert await ensure(database, [index], wait=WAIT) == [f"search index {index.name} created"]
    assert await ensure(database, [index], wait=WAIT) == []


async def test_what_differs_is_changed(database: MongoDatabase) -> None:
    await ensure(database, [vectors()], wait=WAIT)
    told: list[str] = []
    done = await ensure(database, [vectors(metadata=METADATA)], wait=WAIT, told=told.append)
    assert done == told == [f"search index {vectors().name} changed"]


async def test_what_others_defined_is_left_by_those_who_change_nothing(database: MongoDatabase) -> None:
    theirs = vectors(metadata=METADATA)
    await ensure(database, [theirs], wait=WAIT)
    assert await ensure(database, [vectors()], wait=WAIT, changes=False) == []
    assert await ensure(database, [theirs], wait=WAIT) == []


async def test_two_models_have_their_indexes_side_by_side(database: MongoDatabase) -> None:
    both = [vectors(), vectors(dimension=16)]
    assert len(await ensure(database, both, wait=WAIT)) == 2
    assert await drop(database, both[0].name)
    assert not await drop(database, both[0].name)
    assert await ensure(database, both[1:], wait=WAIT) == []


async def test_a_server_without_text_search_says_so(database: MongoDatabase) -> None:
    with pytest.raises(SearchIndexNotReady) as caught:
        await ensure(database, [TextIndex(languages=("en",))], wait=WAIT)
    assert "words is refused by the server. It says: only search indexes of type vectorSearch" in caught.value.detail


def in_state(**state: Any) -> Actor:
    index = vectors()
    row = {"name": index.name, "latestDefinition": index.definition, "queryable": False, **state}
    return replace(COMMUNITY, indexes=lambda: [row])


@pytest.mark.parametrize("status", ["BUILDING", "PENDING", "STALE"])
async def test_an_index_that_is_not_built_in_time_is_named_with_what_to_do(status: str) -> None:
    async with acting(in_state(status=status)) as database:
        with pytest.raises(SearchIndexNotReady) as caught:
            await ensure(database, [vectors()], wait=timedelta(seconds=0.2))
    assert f"{vectors().name} is {status.lower()}" in caught.value.detail
    assert "footnote migrate" in caught.value.detail


async def test_an_index_that_failed_is_not_waited_for() -> None:
    async with acting(in_state(status="FAILED", message="no such analyzer")) as database:
        with pytest.raises(SearchIndexNotReady) as caught:
            await ensure(database, [vectors()], wait=WAIT)
    assert "no such analyzer" in caught.value.detail


async def test_an_index_that_is_being_built_is_waited_for() -> None:
    states = iter(["BUILDING", "BUILDING", "READY"])
    row = {"name": vectors().name, "latestDefinition": vectors().definition, "queryable": True}
    actor = replace(COMMUNITY, indexes=lambda: [{**row, "status": next(states, "READY")}])
    async with acting(actor) as database:
        assert await ensure(database, [vectors()], wait=WAIT) == []
    assert next(states, None) is None


async def test_a_server_without_search_is_not_asked_for_an_index() -> None:
    async with acting(MONGODB) as database:
        with pytest.raises(SearchIndexNotReady) as caught:
            await ensure(database, [vectors()], wait=WAIT)
    assert "requires additional configuration" in caught.value.detail


def test_the_settings_offer_every_language_that_is_stemmed() -> None:
    assert sorted(ANALYZERS) == sorted(STEMMED.split("|"))
