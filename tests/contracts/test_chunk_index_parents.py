"""Small to find, large to read: what every adapter of the chunk index does with parents and their children."""

from typing import Any

import numpy as np
import pytest
from support.shelf import ANN, EAST, Shelf

from footnote.modules.retrieval import Build, Chunk
from footnote.modules.retrieval.fusion import single
from footnote.modules.retrieval.repository import Probe
from footnote.modules.retrieval.stages import Stages

TEXT = "the quick fox. the lazy hen. an old owl."
PARENT = Chunk(start=0, end=28, text=TEXT[:28], tokens=8, kind="parent")
FOX = Chunk(start=0, end=14, text=TEXT[:14], tokens=4, parent=(0, 28))
HEN = Chunk(start=15, end=28, text=TEXT[15:28], tokens=4, parent=(0, 28))
OWL = Chunk(start=29, end=40, text=TEXT[29:], tokens=4)
ROWS = np.array([(1, 0, 0, 0), (0.8, 0.6, 0, 0), (0, 1, 0, 0)], np.float32)


async def add(shelf: Shelf, document_id: str = "d1", **described: Any) -> Build:
    build: Build = shelf.build(document_id)
    await write(shelf, build, [PARENT, FOX, HEN, OWL], ROWS)
    await shelf.publish(build, shelf.card(document_id, **described))
    return build


async def write(shelf: Shelf, build: Build, chunks: list[Chunk], rows: Any) -> None:
    await shelf.write_chunks(build, chunks, rows)


async def test_a_found_child_is_read_as_its_parent(shelf: Shelf) -> None:
    await add(shelf)
    [passage] = await shelf.words("hen")
    assert (passage.start, passage.end, passage.text) == (0, 28, TEXT[:28])


async def test_children_of_one_parent_are_one_passage(shelf: Shelf) -> None:
    await add(shelf)
    found = await shelf.near((1, 0, 0, 0))
    assert [(passage.start, passage.scores.dense, passage.ranks.dense) for passage in found] == [(0, 1, 1), (29, 0, 3)]


async def test_a_passage_is_named_as_the_chunk_that_is_read(shelf: Shelf) -> None:
    build = await add(shelf)
    assert [passage.id for passage in await shelf.words("hen owl")] == [build.chunk_id(PARENT), build.chunk_id(OWL)]


async def test_the_words_of_a_parent_do_not_make_a_word_more_common(shelf: Shelf) -> None:
    await shelf.add("d1", FOX.text, HEN.text, OWL.text, build_id="b0")
    [without] = await shelf.words("fox")
    await add(shelf)
    [passage] = await shelf.words("fox")
    assert (passage.score, passage.end) == (without.score, 28)


async def test_passages_of_a_document_are_what_can_be_found(shelf: Shelf) -> None:
    await add(shelf)
    assert [passage.start for passage in await shelf.index.passages(ANN, "d1")] == [0, 15, 29]


async def test_parents_are_known_as_written(shelf: Shelf) -> None:
    build = await add(shelf)
    assert ("parent", 0, 28) in await shelf.index.written(build)


async def test_children_may_come_after_their_parent_was_written(shelf: Shelf) -> None:
    build = shelf.build("d1")
    await write(shelf, build, [PARENT, FOX], ROWS[:1])
    await write(shelf, build, [HEN, OWL], ROWS[1:])
    await shelf.publish(build, shelf.card("d1"))
    assert [passage.start for passage in await shelf.words("hen")] == [0]


async def test_a_child_without_its_parent_is_refused(shelf: Shelf) -> None:
    with pytest.raises(ValueError, match="before its parent"):
        await write(shelf, shelf.build("d1"), [FOX], ROWS[:1])


async def test_a_parent_goes_with_its_children(shelf: Shelf) -> None:
    await add(shelf)
    assert await shelf.remove("d1") == (1, 4)
    assert await shelf.words("fox") == await shelf.index.passages(ANN, "d1") == ()


async def test_another_process_reads_parents_too(shelf: Shelf) -> None:
    other = await shelf.again()
    await other.near()
    await add(shelf)
    assert [passage.text for passage in await other.words("fox")] == [TEXT[:28]]


async def test_a_new_title_finds_the_parent(shelf: Shelf) -> None:
    await add(shelf, title="Old")
    await shelf.describe("d1", title="Fresh")
    assert [passage.start for passage in await shelf.words("fresh")] == [0, 29]


async def test_a_list_goes_on_until_enough_of_it_are_read_as_different_passages(shelf: Shelf) -> None:
    children = [Chunk(start=at, end=at + 1, text=TEXT[at], tokens=1, parent=(0, 28)) for at in range(20)]
    await write(shelf, shelf.build("d1"), [PARENT, *children], np.array([EAST] * 20, np.float32))
    await shelf.publish(shelf.build("d1"), shelf.card("d1"))
    await shelf.add("d2", "owl", embeddings=[(0.8, 0.6, 0, 0)])
    probe = Probe(embedding=np.array(EAST, np.float32), text=None, filter=None, depth=100, wanted=2)
    found = await shelf.index.search(ANN, probe, single(2), Stages())
    assert [passage.document_id for passage in found] == ["d1", "d2"]
