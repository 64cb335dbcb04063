"""How rare words are on MongoDB, counted now and then."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from support.shelf import Shelf, opened_shelf
from support.stores import mongo_store

from footnote.modules.retrieval.repository.mongo_counts import AT_ONCE, CHUNKS_KEPT, TERMS_KEPT, WordCounts
from footnote.modules.retrieval.repository.mongo_terms import code, codes, length_of

FOX, OWL = code("fox", "en"), code("owl", "en")


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with mongo_store() as store, opened_shelf(store) as opened:
        yield opened


async def test_terms_are_counted_in_all_chunks_of_the_tenant(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", "fox owl", "hen")
    await shelf.add("d2", "fox", tenant="other")
    counts = WordCounts(shelf.store.database)
    assert await counts.chunks("acme") == {"en": 3}
    assert await counts.having("acme", [FOX, OWL]) == {FOX: 2, OWL: 1}


async def test_lengths_are_those_of_all_chunks_whatever_is_asked(shelf: Shelf) -> None:
    await shelf.add("d1", "fox owl hen", "owl", title="Birds")
    await shelf.add("d2", "Haus und Hof", language="de")
    lengths = await WordCounts(shelf.store.database).lengths("acme")
    of_german = length_of(codes("Haus und Hof", "de"))
    assert lengths == {"en": 3.0, "de": of_german}


class Counting:
    """A collection; `most` is how many were counted at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def collection(self, name: str) -> "Counting":
        return self

    async def count(self, where: Any, **options: Any) -> int:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return 1


async def test_a_question_of_many_words_leaves_connections_to_others() -> None:
    counting: Any = Counting()
    terms = [str(term) for term in range(100)]
    assert await WordCounts(counting).having("acme", terms) == dict.fromkeys(terms, 1)
    assert counting.most == AT_ONCE


async def test_what_was_counted_is_taken_for_true_for_a_while(shelf: Shelf) -> None:
    now = 0.0
    counts = WordCounts(shelf.store.database, lambda: now)
    assert (await counts.chunks("acme"), await counts.having("acme", [FOX])) == ({}, {FOX: 0})
    await shelf.add("d1", "fox")
    assert (await counts.chunks("acme"), await counts.having("acme", [FOX])) == ({}, {FOX: 0})
    now = max(CHUNKS_KEPT, TERMS_KEPT) + 1
    assert (await counts.chunks("acme"), await counts.having("acme", [FOX])) == ({"en": 1}, {FOX: 1})
