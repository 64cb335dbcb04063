"""Filters in every adapter of the chunk index, against a plain reading of the language in Python."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.filter_language import DECLARED, described, holds, trees
from support.shelf import Shelf

from footnote.modules.retrieval.filters import parse_filter
from footnote.platform.principal import Principal


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=st.lists(trees, min_size=1, max_size=5), cards=st.lists(described, min_size=1, max_size=6))
async def test_every_filter_admits_what_it_says(
    shelf: Shelf, filters: list[dict[str, Any]], cards: list[dict[str, Any]]
) -> None:
    tenant = uuid4().hex
    made = [shelf.card(f"d{place}", tenant=tenant, **changes) for place, changes in enumerate(cards)]
    await shelf.add_together(*made)
    for tree in filters:
        admits = parse_filter(tree, DECLARED)
        expected = {card.document_id for card in made if holds(tree, card)}
        ann = Principal(tenant=tenant, subject="ann")
        for found in (await shelf.near(principal=ann, admits=admits), await shelf.words("fox", ann, admits=admits)):
            assert {passage.document_id for passage in found} == expected


async def test_a_filter_admits_before_ranking(shelf: Shelf) -> None:
    await shelf.add_together(*(shelf.card(f"d{number:02}") for number in range(20)))
    admits = parse_filter({"document_id": "d19"}, {})
    for found in (await shelf.near(admits=admits, depth=1), await shelf.words("fox", admits=admits, depth=1)):
        assert [passage.document_id for passage in found] == ["d19"]


@pytest.mark.parametrize("value", ["x' OR 1=1 --", '"); DROP TABLE chunk; --'])
async def test_values_are_bound(shelf: Shelf, value: str) -> None:
    await shelf.add("d1", "fox")
    assert await shelf.near(admits=parse_filter({"language": value}, {})) == ()
    assert len(await shelf.near()) == 1


async def test_a_filter_sees_what_was_described_published_or_removed_after_it_was_used(shelf: Shelf) -> None:
    admits = parse_filter({"metadata.year": {"gte": 2024}}, DECLARED)
    for name, year in (("old", 2020), ("new", 2024), ("gone", 2025)):
        await shelf.add(name, "fox", metadata={"year": year})
    assert {each.document_id for each in await shelf.near(admits=admits)} == {"new", "gone"}
    await shelf.describe("old", metadata={"year": 2026})
    await shelf.describe("new", metadata={})
    await shelf.remove("gone")
    await shelf.add("later", "fox", metadata={"year": 2030})
    assert {each.document_id for each in await shelf.near(admits=admits)} == {"old", "later"}
