"""On MongoDB, too, what was found is given again only as long as it would be found again."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from support.letters import LetterEmbedder
from support.shelf import ANN, DIMENSION, MODEL, Shelf, opened_shelf
from support.stores import mongo_store

from footnote.modules.retrieval import SearchQuery, SearchResults
from footnote.modules.retrieval.repository.mongo import MongoIndex
from footnote.modules.retrieval.repository.mongo_sweeping import IndexSweep
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.principal import Principal
from footnote.platform.storage.mongo_capabilities import find_capabilities

BOB = Principal(tenant="acme", subject="bob")


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with mongo_store() as store, opened_shelf(store) as opened:
        await opened.add("d1", "aardvark", readers=("user:bob",))
        yield opened


def service_of(shelf: Shelf) -> RetrievalService:
    return RetrievalService(shelf.index, LetterEmbedder())


async def search(service: RetrievalService, who: Principal = ANN) -> SearchResults:
    return await service.search(who, SearchQuery(text="aardvark"))


async def test_what_is_asked_again_is_not_searched_again(shelf: Shelf) -> None:
    service = service_of(shelf)
    first, again = await search(service), await search(service)
    assert first.results == again.results
    assert list(again.timings_ms) == ["total"]


async def test_who_loses_the_right_to_read_finds_nothing_with_the_next_query(shelf: Shelf) -> None:
    service = service_of(shelf)
    assert len((await search(service, BOB)).results) == 1
    await shelf.describe("d1", readers=())
    assert (await search(service, BOB)).results == ()


async def test_what_another_process_publishes_is_found_with_the_next_query(shelf: Shelf) -> None:
    service, other = service_of(shelf), await shelf.again()
    await search(service)
    await other.add("d2", "aardvark")
    assert len((await search(service)).results) == 2


async def test_while_a_change_is_under_way_nothing_is_kept(shelf: Shelf) -> None:
    before = await shelf.index.generation()
    async with shelf.store.storage.transaction() as tx:
        await shelf.index.remove(tx, "acme", "d1")
        assert await shelf.index.generation() is None
    assert await shelf.index.generation() not in (None, before)


async def test_what_a_sweep_makes_findable_is_found_with_the_next_query() -> None:
    async with mongo_store() as store, opened_shelf(store, transaction_rows=1) as shelf:
        service = service_of(shelf)
        await shelf.add("d1", "a fox", "an owl", title="Zebras")
        zebras = SearchQuery(text="zebras", mode="lexical")
        assert (await service.search(ANN, zebras)).results == ()
        await IndexSweep(shelf.store.database).run()
        assert len((await service.search(ANN, zebras)).results) == 2


async def test_where_a_search_index_may_lag_nothing_is_kept(shelf: Shelf) -> None:
    database = shelf.store.database
    atlas = msgspec.structs.replace(await find_capabilities(database), server="atlas", text_search=True)
    index = MongoIndex(database, embedding=MODEL, dimension=DIMENSION, capabilities=atlas)
    assert await index.generation() is None
