"""Two that change one document at once, in every adapter of the chunk index."""

import asyncio

import numpy as np
import pytest
from support.shelf import ANN, EAST, Shelf, chunks_of

from footnote.modules.retrieval import Passage, StaleFence
from footnote.platform.storage.again import again_on_conflict


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


@again_on_conflict
async def publish(shelf: Shelf, fence: int) -> None:
    build, chunks = shelf.build("d1", id=f"b{fence}"), chunks_of([f"fox {fence}", f"hen {fence}"])
    async with shelf.store.storage.transaction() as tx:
        await shelf.index.write(tx, build, "", chunks, np.array([EAST, EAST], np.float32))
        await shelf.index.publish(tx, build, shelf.card("d1", title=f"title {fence}"), fence)


async def published(shelf: Shelf, fence: int) -> bool:
    try:
        await publish(shelf, fence)
    except StaleFence:
        return False
    return True


@pytest.mark.parametrize("fences", [(1, 2), (2, 1)])
async def test_of_two_publishers_the_greater_fence_wins(shelf: Shelf, fences: tuple[int, int]) -> None:
    other = await shelf.again()
    await asyncio.gather(published(shelf, fences[0]), published(other, fences[1]))
    assert sorted(texts(await shelf.near())) == ["fox 2", "hen 2"]
    assert texts(await shelf.index.passages(ANN, "d1")) == ["fox 2", "hen 2"]
    assert {passage.title for passage in await shelf.words("fox")} == {"title 2"}


async def test_of_many_publishers_the_greatest_fence_wins(shelf: Shelf) -> None:
    won = await asyncio.gather(*(published(shelf, fence) for fence in (3, 1, 6, 2, 5, 4)))
    assert won[2]
    assert sorted(texts(await shelf.near())) == ["fox 6", "hen 6"]


async def test_a_title_given_while_a_build_is_published_is_on_all_of_its_chunks_or_on_none(shelf: Shelf) -> None:
    await shelf.add("d1", "fox 1", "hen 1", title="old")
    await shelf.write(shelf.build("d1", id="b2"), "fox 2", "hen 2", title="old")
    publishing = shelf.publish(shelf.build("d1", id="b2"), shelf.card("d1", title="old"), 2)
    await asyncio.gather(publishing, shelf.describe("d1", title="new"))
    titles = {passage.title for passage in await shelf.near()}
    assert titles in ({"old"}, {"new"})
    assert sorted(texts(await shelf.words(titles.pop()))) == ["fox 2", "hen 2"]


async def test_who_removes_while_another_publishes_leaves_all_or_nothing(shelf: Shelf) -> None:
    other = await shelf.again()
    await shelf.add("d1", "fox 1", "hen 1")
    await shelf.write(shelf.build("d1", id="b2"), "fox 2", "hen 2")
    await asyncio.gather(shelf.remove("d1"), published(other, 2))
    seen = [
        texts(await shelf.near()),
        texts(await shelf.words("fox hen")),
        texts(await shelf.index.passages(ANN, "d1")),
    ]
    assert [sorted(each) for each in seen] in ([[]] * 3, [["fox 2", "hen 2"]] * 3)


async def test_chunks_that_two_write_at_once_are_stored_once(shelf: Shelf) -> None:
    build = shelf.build("d1")
    other = await shelf.again()
    await asyncio.gather(shelf.write(build, "fox", "hen"), other.write(build, "fox", "hen"))
    await shelf.publish(build, shelf.card("d1"))
    assert texts(await shelf.index.passages(ANN, "d1")) == ["fox", "hen"]
    assert await shelf.remove("d1") == (1, 2)
