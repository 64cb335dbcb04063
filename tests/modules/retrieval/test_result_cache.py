"""What was found is given again only to whom and as long as it would be found again."""

import asyncio
import gc
import sys
from typing import Any

import pytest

from footnote.modules.retrieval import SearchQuery, SearchResults
from footnote.modules.retrieval.caching import ResultCache, key_of
from footnote.modules.retrieval.service import RetrievalService
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embedder
from footnote.platform.principal import Principal

Store = Any
ANN = Principal(tenant="acme", subject="ann")
BOB = Principal(tenant="acme", subject="bob")
NEAR_A = (1.0, 0.0, 0.0, 0.0)
NOTHING = SearchResults(results=(), trace_id="", timings_ms={})


@pytest.fixture
async def service(store: Store, embedder: Embedder) -> RetrievalService:
    await store.add("d1", "aardvark", embeddings=[NEAR_A], readers=("user:bob",))
    return RetrievalService(store.index, embedder)


async def search(service: RetrievalService, who: Principal, **options: Any) -> SearchResults:
    return await service.search(who, SearchQuery(text="aardvark", **options))


async def is_let_go(passage: object, alone: object) -> bool:
    """By all but the test, as `alone` is, once the thread that found it has put down what it told."""
    for _ in range(500):
        if sys.getrefcount(passage) == sys.getrefcount(alone):
            return True
        await asyncio.sleep(0.01)
    return False


async def test_what_is_asked_again_is_not_searched_again(service: RetrievalService) -> None:
    first, again = await search(service, ANN), await search(service, ANN)
    assert first.results == again.results
    assert "dense" in first.timings_ms
    assert list(again.timings_ms) == ["total"]


async def test_who_loses_the_right_to_read_finds_nothing_with_the_next_query(
    service: RetrievalService, store: Store
) -> None:
    assert len((await search(service, BOB)).results) == 1
    await store.describe("d1", readers=())
    assert (await search(service, BOB)).results == ()
    assert len((await search(service, ANN)).results) == 1


async def test_who_leaves_a_group_is_not_given_what_its_members_were(service: RetrievalService, store: Store) -> None:
    await store.describe("d1", readers=("group:zoo",))
    keeper = Principal(tenant="acme", subject="eve", groups=frozenset({"zoo"}))
    assert len((await search(service, keeper)).results) == 1
    assert (await search(service, Principal(tenant="acme", subject="eve"))).results == ()


async def test_a_new_document_is_found_with_the_next_query(service: RetrievalService, store: Store) -> None:
    await search(service, ANN)
    await store.add("d2", "aardvark", embeddings=[NEAR_A])
    assert len((await search(service, ANN)).results) == 2


async def test_an_explanation_is_for_whoever_asks_for_it(service: RetrievalService) -> None:
    assert (await search(service, ANN)).explanation is None
    assert (await search(service, ANN, explain=True)).explanation is not None
    assert (await search(service, ANN)).explanation is None


def test_nothing_is_kept_of_what_was_found_before_a_change() -> None:
    cache = ResultCache()
    before, after = (key_of(ANN, SearchQuery(text=text), "test:model") for text in "ab")
    cache.put(before, 1, NOTHING)
    cache.put(after, 2, NOTHING)
    cache.put(before, 1, NOTHING)
    assert [key in cache for key in (before, after)] == [False, True]


async def test_with_the_next_query_nothing_of_a_deleted_document_is_kept(
    either_store: Store, embedder: Embedder
) -> None:
    service, other = RetrievalService(either_store.index, embedder), await either_store.again()
    await either_store.add("d1", "aardvark", embeddings=[NEAR_A])
    [passage] = (await search(service, ANN)).results
    alone = object()
    assert sys.getrefcount(passage) > sys.getrefcount(alone)
    await other.remove("d1")
    await service.search(BOB, SearchQuery(text="anything else"))
    assert await is_let_go(passage, alone)


async def test_what_is_kept_is_not_looked_through_for_garbage(service: RetrievalService) -> None:
    """Or the event loop would stand still for it."""
    results = await search(service, ANN)
    assert results.results
    assert not [each for each in (results, *results.results) if gc.is_tracked(each)]


@pytest.mark.parametrize(("seen", "generation"), [([], None), ([6, 5], 5), ([None, 6], None), ([6, None], None)])
def test_of_several_searches_the_oldest_index_counts_and_one_that_is_not_known_is_none(
    seen: list[int | None], generation: int | None
) -> None:
    stages = Stages()
    for each in seen:
        stages.saw(each)
    assert stages.generation == generation


def test_what_nobody_asked_for_the_longest_is_let_go_first() -> None:
    cache = ResultCache(passages=2)  # results without a passage count one
    keys = [key_of(ANN, SearchQuery(text=text), "test:model") for text in "abc"]
    for key in (keys[0], keys[1]):
        cache.put(key, 1, NOTHING)
    cache.get(keys[0], 1)
    cache.put(keys[2], 1, NOTHING)
    assert [cache.get(key, 1) is not None for key in keys] == [True, False, True]
