"""A search index that lags, and builds too large for one transaction, never show what is not so."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from support.shelf import ANN, DIMENSION, MODEL, Shelf, opened_shelf
from support.stores import mongo_store

from footnote.modules.retrieval.filters import parse_filter
from footnote.modules.retrieval.repository.mongo import MongoIndex
from footnote.platform.principal import Principal
from footnote.platform.storage.mongo_capabilities import VectorSearchMissing, find_capabilities

BOB = Principal(tenant="acme", subject="bob")
SMALL = 2  # chunks that one transaction changes


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with mongo_store() as store, opened_shelf(store, transaction_rows=SMALL) as opened:
        yield opened


async def seen(shelf: Shelf, principal: Principal = ANN, **options: Any) -> list[list[str]]:
    ways = [await shelf.near(principal=principal, **options), await shelf.words("fox", principal, **options)]
    return [sorted(passage.text for passage in way) for way in ways]


async def rows(shelf: Shelf) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await shelf.store.database.collection("chunk").find({})
    return found


async def put_back(shelf: Shelf, left: list[dict[str, Any]]) -> None:
    """What a search index that lags would still propose."""
    chunks = shelf.store.database.collection("chunk")
    for row in left:
        await chunks.replace_one({"_id": row["_id"]}, row, upsert=True)


async def test_a_deleted_chunk_that_is_still_proposed_is_not_shown(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    left = await rows(shelf)
    await shelf.remove("d1")
    await put_back(shelf, left)
    assert await seen(shelf) == [[], []]


async def test_a_revoked_reader_to_whom_chunks_are_still_proposed_sees_nothing(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", readers=("user:bob",))
    left = await rows(shelf)
    await shelf.describe("d1", readers=())
    await put_back(shelf, left)
    assert await seen(shelf, BOB) == [[], []]
    assert await seen(shelf) == [["fox"], ["fox"]]


async def test_chunks_whose_metadata_lags_are_not_admitted(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", language="de")
    left = await rows(shelf)
    await shelf.describe("d1", language="en")
    await put_back(shelf, left)
    assert await seen(shelf, admits=parse_filter({"language": "de"}, {})) == [[], []]


async def test_as_many_are_found_as_were_asked_for_although_better_ones_are_gone(shelf: Shelf) -> None:
    gone = [f"fox {number}" for number in range(30)]
    await shelf.add("d1", *gone)
    left = await rows(shelf)
    await shelf.add("d1", "the fox of today", build_id="b2", fence=2, embeddings=[(0.6, 0.8, 0, 0)])
    await put_back(shelf, left)
    assert await seen(shelf, depth=1) == [["the fox of today"]] * 2


async def test_a_large_build_in_a_language_of_its_own_is_found_before_it_is_swept(shelf: Shelf) -> None:
    await shelf.add("d1", "a fox")
    await shelf.add("d2", "der fox eins", "der fox zwei", "der fox drei", language="de")
    assert len(await shelf.words("fox")) == 4


async def test_a_large_build_is_seen_whole_or_not_at_all(shelf: Shelf) -> None:
    await shelf.add("d1", "old fox 1", "old fox 2", "old fox 3", readers=("user:bob",))
    assert await seen(shelf, BOB) == [["old fox 1", "old fox 2", "old fox 3"]] * 2
    await shelf.add("d1", "fox 1", "fox 2", "fox 3", build_id="b2", fence=2, readers=("user:bob",))
    assert await seen(shelf, BOB) == [["fox 1", "fox 2", "fox 3"]] * 2
    await shelf.describe("d1", readers=(), metadata={"a": 1})
    assert await seen(shelf, BOB) == [[], []]


async def test_large_builds_are_never_seen_half_while_they_are_swapped_and_swept(shelf: Shelf) -> None:
    other = await shelf.again()
    swapping = asyncio.create_task(swap(shelf, times=8))
    looks: list[list[str]] = []
    while not swapping.done():
        looks += await seen(other)
    assert {tuple(look) for look in looks} <= {(), *((f"fox {fence}",) * 3 for fence in range(1, 9))}
    assert await seen(shelf) == [["fox 8"] * 3] * 2


async def swap(shelf: Shelf, times: int) -> None:
    for fence in range(1, times + 1):
        await shelf.add("d1", *[f"fox {fence}"] * 3, build_id=f"b{fence}", fence=fence)
        await sweep(shelf)


async def test_a_sweep_brings_large_builds_to_their_end(shelf: Shelf) -> None:
    await shelf.add("d1", "old fox 1", "old fox 2", "old fox 3")
    await shelf.add("d1", "fox 1", "fox 2", "fox 3", build_id="b2", fence=2)
    await shelf.describe("d1", readers=("user:bob",), title="Fresh")
    assert await sweep(shelf) == 2
    assert {(row["title"], *row["readers"]) for row in await titled(shelf)} == {("Fresh", "user:bob")}
    assert await seen(shelf, BOB) == [["fox 1", "fox 2", "fox 3"]] * 2
    assert await sweep(shelf) == 0


async def test_a_large_document_goes_at_once_and_its_chunks_with_the_sweep(shelf: Shelf) -> None:
    await shelf.add("d1", "fox 1", "fox 2", "fox 3")
    assert await shelf.remove("d1") == (1, 3)
    assert await seen(shelf) == [[], []]
    await sweep(shelf)
    assert await rows(shelf) == await shelf.store.database.collection("build").find({}) == []


async def test_what_was_removed_large_can_be_written_again_before_the_sweep(shelf: Shelf) -> None:
    await shelf.add("d1", "fox 1", "fox 2", "fox 3")
    await shelf.remove("d1")
    await shelf.add("d1", "fox 1", "fox 2", "fox 3")
    await sweep(shelf)
    assert await seen(shelf) == [["fox 1", "fox 2", "fox 3"]] * 2


async def test_a_sweep_gives_no_chunk_what_an_older_card_said(shelf: Shelf) -> None:
    await shelf.add("d1", "fox 1", "fox 2", "fox 3", title="Old")
    await sweep(shelf)
    newer = [{**row, "header": "Newest", "sequence": row["sequence"] + 1000} for row in await rows(shelf)]
    await shelf.describe("d1", title="New")
    await put_back(shelf, newer)
    await sweep(shelf)
    assert {row["header"] for row in await rows(shelf)} == {"Newest"}


async def test_a_server_without_vector_search_finds_words_and_refuses_the_rest(shelf: Shelf) -> None:
    await shelf.add("d1", "fox")
    database = shelf.store.database
    known = msgspec.structs.replace(await find_capabilities(database), server="mongodb", vector_search=False)
    index = MongoIndex(database, embedding=MODEL, dimension=DIMENSION, capabilities=known)
    plain = Shelf(index, shelf.store, shelf.again)
    assert [passage.text for passage in await plain.words("fox")] == ["fox"]
    with pytest.raises(VectorSearchMissing, match="mode: lexical"):
        await plain.near()


@pytest.mark.parametrize(("word", "document_id"), [("laufe", "german"), ("run", "english"), ("runs", "basque")])
async def test_words_are_compared_by_the_stems_of_each_documents_language(
    shelf: Shelf, word: str, document_id: str
) -> None:
    await shelf.add("german", "die Hunde laufen", language="de")
    await shelf.add("english", "a dog was running", language="en-GB")
    await shelf.add("basque", "txakurra runs", language="eu")
    assert document_id in [passage.document_id for passage in await shelf.words(word)]
    assert [passage.document_id for passage in await shelf.words("txakurr")] == ["basque"]


@pytest.mark.parametrize("vectors", ["float32", "array"])
async def test_vectors_are_compared_in_whatever_form_they_are_kept(vectors: str) -> None:
    async with mongo_store() as store, opened_shelf(store, vectors=vectors) as shelf:
        await shelf.add("d1", "north", "between", "east", embeddings=[(0, 1, 0, 0), (0.6, 0.8, 0, 0), (1, 0, 0, 0)])
        found = await shelf.near((1, 0, 0, 0))
    assert [passage.text for passage in found] == ["east", "between", "north"]
    assert [passage.score for passage in found] == pytest.approx([1, 0.6, 0], abs=0.01)


async def sweep(shelf: Shelf) -> int:
    swept: int = await shelf.index.sweep()  # type: ignore[attr-defined]
    return swept


async def titled(shelf: Shelf) -> list[dict[str, Any]]:
    return [{"title": row["header"], "readers": row["readers"]} for row in await rows(shelf)]
