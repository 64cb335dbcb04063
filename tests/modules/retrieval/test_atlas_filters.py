"""Filters in the query languages of MongoDB, against a plain reading of the filter language in Python."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.atlas_grammar import check_clause, check_filter, holds_for
from support.filter_language import DECLARED, described, holds, trees
from support.stores import mongo_database

from footnote.modules.retrieval import Card
from footnote.modules.retrieval.filters import parse_filter
from footnote.modules.retrieval.repository.mongo_filters import (
    clauses,
    facets,
    field_name,
    findable,
    matching,
    milliseconds_of,
    readable,
    readable_clauses,
)
from footnote.platform.principal import Principal
from footnote.platform.storage.mongo import MongoDatabase

ANN = Principal(tenant="acme", subject="ann", groups=frozenset({"law"}))
lists_of_cards = st.lists(described, min_size=1, max_size=6)


@pytest.fixture
async def database() -> Any:
    async with mongo_database() as opened:
        yield opened


def card(document_id: str = "d1", **changes: Any) -> Card:
    made = {"tenant": "acme", "document_id": document_id, "owner": "ann", "readers": (), "title": ""}
    defaults = {
        "media_type": "text/plain",
        "language": "en",
        "metadata": {},
        "created_at": datetime(2024, 1, 1, tzinfo=UTC),
    }
    return Card(**(made | defaults | changes))


def chunk(described_by: Card) -> dict[str, Any]:
    return {"_id": described_by.document_id, **own(described_by), **facets(described_by)}


def own(described_by: Card) -> dict[str, Any]:
    return {"tenant": described_by.tenant, "document_id": described_by.document_id}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees, cards=lists_of_cards)
async def test_mql_admits_what_the_filter_says(
    database: MongoDatabase, tree: dict[str, Any], cards: list[dict[str, Any]]
) -> None:
    made = [card(f"d{place}", **changes) for place, changes in enumerate(cards)]
    chunks = database.collection("chunk")
    await chunks.delete_many({})
    await chunks.insert_many([chunk(each) for each in made])
    where = matching(parse_filter(tree, DECLARED))
    found = {row["_id"] for row in await chunks.find(where)} if where is not None else set()
    assert found == {each.document_id for each in made if holds(tree, each)}


@settings(max_examples=300, deadline=None)
@given(tree=trees, cards=lists_of_cards)
def test_clauses_of_text_search_admit_what_the_filter_says(tree: dict[str, Any], cards: list[dict[str, Any]]) -> None:
    made = [card(f"d{place}", **changes) for place, changes in enumerate(cards)]
    terms = clauses(parse_filter(tree, DECLARED))
    admitted = [] if terms is None else [each for each in made if all(holds_for(term, chunk(each)) for term in terms)]
    assert admitted == [each for each in made if holds(tree, each)]


@settings(max_examples=300, deadline=None)
@given(tree=trees)
def test_only_documented_operators_are_used(tree: dict[str, Any]) -> None:
    parsed = parse_filter(tree, DECLARED)
    check_filter(findable(ANN, parsed, embedding="m") or {})
    for clause in [*readable_clauses(ANN), *(clauses(parsed) or [])]:
        check_clause(clause)


@pytest.mark.parametrize(
    ("readable_by", "expected"),
    [
        ({"owner": "ann"}, True),
        ({"owner": "bob", "readers": ("group:law",)}, True),
        ({"owner": "bob", "readers": ("tenant",)}, True),
        ({"owner": "bob", "readers": ("user:ann", "group:x")}, True),
        ({"owner": "bob", "readers": ("group:x",)}, False),
        ({"tenant": "other", "owner": "ann", "readers": ("tenant",)}, False),
    ],
)
async def test_both_languages_know_who_may_read(
    database: MongoDatabase, readable_by: dict[str, Any], expected: bool
) -> None:
    row = chunk(card(**readable_by))
    await database.collection("chunk").insert_one(row)
    assert bool(await database.collection("chunk").find(readable(ANN))) is expected
    assert all(holds_for(clause, row) for clause in readable_clauses(ANN)) is expected


async def test_a_chunk_that_was_never_published_is_read_by_nobody(database: MongoDatabase) -> None:
    await database.collection("chunk").insert_one(own(card()))
    assert await database.collection("chunk").find(readable(ANN)) == []


def test_a_key_of_metadata_is_one_field_whatever_it_holds() -> None:
    keys = ["a.b", "$where", "", "a%2Eb", "year"]
    names = [field_name(key) for key in keys]
    assert names == ["a%2Eb", "%24where", "%", "a%252Eb", "year"]


async def test_strange_keys_and_numbers_can_be_kept_and_filtered_by(database: MongoDatabase) -> None:
    row = chunk(card(metadata={"a.b": "x", "$gt": 10**400, "": True, "n\0l": -(2**70)}))
    await database.collection("chunk").insert_one(row)
    declared = {"a.b": "string", "$gt": "number", "n\0l": "number"}
    wanted = {"metadata.a.b": "x", "metadata.$gt": {"gte": 5}, "metadata.n\0l": {"lt": -5}}
    assert await database.collection("chunk").count(matching(parse_filter(wanted, declared)) or {}) == 1


@pytest.mark.parametrize("text", ["", "now", "2451545", "12:00", "2024-13-01", "2024-W01-1", "20240101", "2024-1-1"])
def test_only_dates_and_times_of_rfc_3339_are_times(text: str) -> None:
    assert milliseconds_of(text) is None


@pytest.mark.parametrize(
    "text", ["1970-01-01", "1970-01-01T02:00:00+02:00", "1970-01-01 00:00Z", "1970-01-01T00:00:00.0004Z"]
)
def test_times_are_read_to_the_millisecond(text: str) -> None:
    assert milliseconds_of(text) == 0


@pytest.mark.parametrize(
    ("tree", "everything"), [({"and": []}, {}), ({"or": []}, None), ({"language": {"in": []}}, None)]
)
def test_what_admits_everything_or_nothing_asks_nothing(
    tree: dict[str, Any], everything: dict[str, Any] | None
) -> None:
    assert matching(parse_filter(tree, {})) == everything
    assert matching(parse_filter({"not": tree}, {})) == ({} if everything is None else None)
