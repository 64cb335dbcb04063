"""Another embedding model beside the one in use: its space is filled in the background, then searches go over to it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import numpy as np
import pytest
from support.shelf import ANN, DIMENSION, MODEL, Shelf, chunks_of
from support.stores import Store

from footnote.modules.retrieval import Chunk, SearchQuery
from footnote.modules.retrieval.filling import FillHandler, current_embedder, fill_job
from footnote.modules.retrieval.repository.spaces import Space
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.inference import Embedder, Embeddings
from footnote.platform.jobs import Job

OTHER = "test:vowels"


class Counting:
    """An embedding counts some letters."""

    max_tokens = 256

    def __init__(self, name: str, letters: str) -> None:
        self.name = name
        self.dimension = len(letters)
        self.texts: list[str] = []
        self._letters = letters

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        self.texts += texts
        counts = np.array([[text.count(letter) + 1e-3 for letter in self._letters] for text in texts], np.float32)
        rows: Embeddings = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return rows


def letters() -> Counting:
    return Counting(MODEL, "abcd")


def vowels() -> Counting:
    return Counting(OTHER, "aeiouy")


async def add(shelf: Shelf, document_id: str, *texts: str, by: Embedder | None = None, **described: Any) -> None:
    """Indexed as a worker does that has this embedder."""
    embedder = by or letters()
    title = described.get("title", "")
    embeddings = await embedder.embed([f"{title}\n{text}" if title else text for text in texts], kind="document")
    build = shelf.build(document_id, embedding=embedder.name)
    await shelf.write_chunks(build, chunks_of(texts), embeddings, title)
    await shelf.publish(build, shelf.card(document_id, **described))


async def fill(store: Store, *embedders: Embedder) -> None:
    """Run the job as a worker does."""
    handler = FillHandler(store.storage, store.jobs(), store.spaces(), {each.name: each for each in embedders})
    await handler.run(await claimed(store))


async def claimed(store: Store) -> Job:
    async with store.storage.transaction() as tx:
        await store.jobs().enqueue(tx, fill_job())
    job = await store.jobs().claim("w", [FillHandler.kind], timedelta(minutes=1))
    assert job is not None
    return job


async def search(shelf: Shelf, text: str, own: Embedder, *others: Embedder) -> list[str]:
    """As a process does whose settings name the model of `own`, and that has `others` at hand."""
    current = current_embedder(shelf.store.spaces(), own, {each.name: each for each in others})
    service = RetrievalService(shelf.index, own, current=current)
    found = await service.search(ANN, SearchQuery(text=text, mode="dense"))
    return [passage.document_id for passage in found.results]


@pytest.fixture
async def filling(shelf: Shelf) -> Shelf:
    """Two documents in the space of the letters, and the space of the vowels begun."""
    await shelf.store.spaces().begin(MODEL, DIMENSION)
    await add(shelf, "bees", "bbb eee")
    await add(shelf, "boats", "bbc ooo", "aaa ooo")
    await shelf.store.spaces().begin(OTHER, 6)
    return shelf


def states(spaces: Sequence[Space]) -> list[tuple[str, str]]:
    return [(space.name, space.state) for space in spaces]


async def test_the_first_model_is_the_active_one(store: Store) -> None:
    begun = await store.spaces().begin(MODEL, DIMENSION)
    assert (begun.state, begun.dimension) == ("active", DIMENSION)
    assert await store.spaces().begin(MODEL, DIMENSION) == begun
    assert states(await store.spaces().living()) == [(MODEL, "active")]


async def test_another_model_is_filled_beside_it(filling: Shelf) -> None:
    assert states(await filling.store.spaces().living()) == [(MODEL, "active"), (OTHER, "filling")]


async def test_a_process_of_the_active_model_leaves_the_other_alone(filling: Shelf) -> None:
    await filling.store.spaces().begin(MODEL, DIMENSION)
    assert states(await filling.store.spaces().living()) == [(MODEL, "active"), (OTHER, "filling")]


async def test_a_third_model_takes_the_place_of_the_one_being_filled(filling: Shelf) -> None:
    await filling.store.spaces().begin("test:third", 2)
    assert states(await filling.store.spaces().living()) == [(MODEL, "active"), ("test:third", "filling")]


async def test_searches_go_on_in_the_active_space_until_all_is_filled(filling: Shelf) -> None:
    asked = ("b", vowels(), letters())
    assert await search(filling, *asked) == ["bees", "boats", "boats"]
    await fill(filling.store, letters())  # a worker without the new model
    assert await search(filling, *asked) == ["bees", "boats", "boats"]
    await fill(filling.store, vowels(), letters())
    assert await search(filling, "o", vowels(), letters()) == ["boats", "boats", "bees"]
    assert states(await filling.store.spaces().living()) == [(OTHER, "active")]


async def test_after_the_switch_all_is_as_if_it_had_been_built_so(filling: Shelf) -> None:
    await fill(filling.store, vowels(), letters())
    again = await filling.again()
    assert await search(again, "e", vowels()) == ["bees", "boats", "boats"]
    await add(again, "new", "eee", by=vowels())
    assert await search(again, "e", vowels()) == ["bees", "new", "boats", "boats"]


async def test_a_process_that_has_only_the_old_model_goes_on_with_it(filling: Shelf) -> None:
    await fill(filling.store, vowels(), letters())
    assert await search(filling, "b", letters()) == ["bees", "boats", "boats"]


async def test_title_and_headings_are_embedded_too(shelf: Shelf) -> None:
    await shelf.store.spaces().begin(MODEL, DIMENSION)
    await add(shelf, "d1", "text", title="the title")
    await shelf.store.spaces().begin(OTHER, 6)
    embedder = vowels()
    await fill(shelf.store, embedder, letters())
    assert embedder.texts == ["the title\ntext"]


async def test_what_is_published_while_the_space_is_filled_is_in_it_too(filling: Shelf) -> None:
    class Busy(Counting):
        async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
            if not self.texts:
                self.texts += texts
                await add(filling, "late", "ooo")
                await filling.remove("bees")
            return await super().embed(texts, kind=kind)

    await fill(filling.store, Busy(OTHER, "aeiouy"), letters())
    assert states(await filling.store.spaces().living()) == [(OTHER, "active")]
    assert sorted(await search(filling, "o", vowels())) == ["boats", "boats", "late"]


async def test_a_fill_that_was_cut_off_goes_on_where_it_was(filling: Shelf) -> None:
    space = (await filling.store.spaces().living())[1]
    [first, *_] = await filling.store.spaces().bare(space, None, 10)
    async with filling.store.storage.transaction() as tx:
        await filling.store.spaces().fill(tx, space, [first], await vowels().embed([first.text], kind="document"))
    embedder = vowels()
    await fill(filling.store, embedder, letters())
    assert len(embedder.texts) == 2
    assert first.text not in embedder.texts


async def test_what_an_old_process_publishes_after_the_switch_is_filled_later(filling: Shelf) -> None:
    await fill(filling.store, vowels(), letters())
    assert await search(filling, "e", vowels()) == ["bees", "boats", "boats"]
    await add(filling, "old", "eee", by=letters())
    assert "old" not in await search(filling, "e", vowels())
    assert {passage.document_id for passage in await filling.words("eee")} == {"bees", "old"}
    await fill(filling.store, vowels(), letters())
    assert await search(filling, "e", vowels()) == ["bees", "old", "boats", "boats"]


async def test_a_chunk_that_is_gone_is_not_filled(filling: Shelf) -> None:
    spaces = filling.store.spaces()
    space = (await spaces.living())[1]
    bare = await spaces.bare(space, None, 10)
    await filling.remove("bees")
    async with filling.store.storage.transaction() as tx:
        await spaces.fill(tx, space, bare, await vowels().embed([chunk.text for chunk in bare], kind="document"))
    assert await spaces.bare(space, None, 10) == []


async def test_a_space_is_not_switched_to_while_something_is_missing(filling: Shelf) -> None:
    async with filling.store.storage.transaction() as tx:
        assert not await filling.store.spaces().switch(tx, 0)
    assert states(await filling.store.spaces().living()) == [(MODEL, "active"), (OTHER, "filling")]


async def test_what_is_retired_can_be_dropped_and_come_back(filling: Shelf) -> None:
    await fill(filling.store, vowels(), letters())
    assert await filling.store.spaces().drop_retired() == [MODEL]
    assert await filling.store.spaces().drop_retired() == []
    again = await filling.again()
    assert await search(again, "e", vowels()) == ["bees", "boats", "boats"]
    assert (await again.store.spaces().begin(MODEL, DIMENSION)).state == "filling"
    await fill(again.store, vowels(), letters())
    assert await search(again, "b", letters()) == ["bees", "boats", "boats"]


async def test_parents_are_not_filled(shelf: Shelf) -> None:
    await shelf.store.spaces().begin(MODEL, DIMENSION)
    parent = Chunk(start=0, end=6, text="bbbeee", tokens=1, kind="parent")
    child = Chunk(start=0, end=3, text="bbb", tokens=1, parent=(0, 6))
    build = shelf.build("d1")
    await shelf.write_chunks(build, [parent, child], await letters().embed(["bbb"], kind="document"))
    await shelf.publish(build, shelf.card("d1"))
    space = await shelf.store.spaces().begin(OTHER, 6)
    assert [chunk.text for chunk in await shelf.store.spaces().bare(space, None, 10)] == ["bbb"]
