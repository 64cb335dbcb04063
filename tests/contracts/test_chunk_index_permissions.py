"""Whatever happens to whatever documents, everybody finds all that they may read, and nothing else."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.filter_language import DECLARED, described, holds, trees
from support.letters import LetterEmbedder
from support.shelf import Shelf, opened_shelf
from support.stores import sqlite_store

from footnote.modules.retrieval import Card, Mode, SearchQuery
from footnote.modules.retrieval.finding import Ranking
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.principal import Principal

MODES: tuple[Mode, ...] = ("hybrid", "dense", "lexical")
FIELDS: dict[str, Any] = DECLARED
PEOPLE, GROUPS, TENANTS = ("ann", "bob", "eve"), ("law", "sales"), ("acme", "zoo")

tenants = st.sampled_from(TENANTS)
people = st.sampled_from(PEOPLE)
readers = st.lists(
    st.sampled_from(["tenant", *(f"user:{name}" for name in PEOPLE), *(f"group:{name}" for name in GROUPS)]),
    max_size=2,
    unique=True,
).map(tuple)
rights = st.fixed_dictionaries({"tenant": tenants, "owner": people, "readers": readers})
documents = st.builds(lambda right, card: right | card, rights, described)
askers = st.builds(
    lambda tenant, subject, groups: Principal(tenant=tenant, subject=subject, groups=groups),
    tenants,
    people,
    st.frozensets(st.sampled_from(GROUPS)),
)
questions = st.tuples(st.just("ask"), askers, st.none() | trees)
changes = st.tuples(st.sampled_from(["share", "delete", "add"]), st.integers(0, 11), documents)


@pytest.fixture
async def sqlite_shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with sqlite_store(tmp_path) as opened, opened_shelf(opened) as shelf:
        yield shelf


class World:
    """Documents in an index, and beside it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._mark = uuid4().hex  # tenants of its own, for examples share the index
        self._cards: dict[str, Card] = {}
        self._service = RetrievalService(shelf.index, LetterEmbedder(), ranking=Ranking(metadata_fields=FIELDS))

    async def add(self, place: int, changes: dict[str, Any]) -> None:
        card = self._card(f"d{len(self._cards)}", changes)
        await self._shelf.add_together(card)
        self._cards[card.document_id] = card

    async def share(self, place: int, changes: dict[str, Any]) -> None:
        """Another owner, other readers and another description; a tenant keeps what is its own."""
        if card := self._cards.get(f"d{place}"):
            card = msgspec.structs.replace(self._card(card.document_id, changes), tenant=card.tenant)
            self._cards[card.document_id] = card
            await self._shelf.describe(**msgspec.structs.asdict(card))

    async def delete(self, place: int, changes: dict[str, Any]) -> None:
        if card := self._cards.get(f"d{place}"):
            await self._shelf.remove(card.document_id, card.tenant)
            self._cards[card.document_id] = msgspec.structs.replace(card, tenant="nobody's")

    async def ask(self, asker: Principal, tree: dict[str, Any] | None) -> None:
        asker = msgspec.structs.replace(asker, tenant=self._tenant(asker.tenant))
        may = {
            card.document_id
            for card in self._cards.values()
            if asker.may_read(tenant=card.tenant, owner=card.owner, readers=card.readers)
            and (tree is None or holds(tree, card))
        }
        for mode in MODES:
            query = SearchQuery(text="fox", mode=mode, top_k=100, filters=as_sent(tree))
            found = [passage.document_id for passage in (await self._service.search(asker, query)).results]
            assert sorted(found) == sorted(may), (mode, asker, tree)

    def _card(self, document_id: str, changes: dict[str, Any]) -> Card:
        return self._shelf.card(document_id, **changes | {"tenant": self._tenant(changes["tenant"])})

    def _tenant(self, name: str) -> str:
        return f"{name}-{self._mark}"


def as_sent(tree: dict[str, Any] | None) -> dict[str, Any] | None:
    """A filter as it comes over HTTP: JSON, where times are text."""
    sent: dict[str, Any] | None = msgspec.json.decode(msgspec.json.encode(tree))
    return sent


async def lived(shelf: Shelf, cards: Sequence[dict[str, Any]], story: Sequence[tuple[Any, ...]]) -> None:
    world = World(shelf)
    for place, card in enumerate(cards):
        await world.add(place, card)
    for step, *facts in story:
        await getattr(world, step)(*facts)


cases = given(
    cards=st.lists(documents, min_size=1, max_size=12), story=st.lists(questions | changes, min_size=1, max_size=20)
)
CALM = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


@settings(max_examples=8, **CALM)
@cases
async def test_everybody_finds_all_that_they_may_read_and_nothing_else(
    shelf: Shelf, cards: list[dict[str, Any]], story: list[tuple[Any, ...]]
) -> None:
    await lived(shelf, cards, story)


@settings(max_examples=60, **CALM)
@cases
async def test_thousands_of_searches_of_the_embedded_store_find_it(
    sqlite_shelf: Shelf, cards: list[dict[str, Any]], story: list[tuple[Any, ...]]
) -> None:
    await lived(sqlite_shelf, cards, story)
