"""What another process changed, the next query sees, in every adapter of the chunk index."""

import asyncio

from support.shelf import Shelf

from footnote.modules.retrieval import Passage
from footnote.platform.principal import Principal

BOB = Principal(tenant="acme", subject="bob")


async def seen(shelf: Shelf, principal: Principal = BOB) -> list[list[str]]:
    ways = [await shelf.near(principal=principal), await shelf.words("fox", principal)]
    return [[passage.text for passage in way] for way in ways]


async def test_additions_changes_and_deletions_elsewhere_are_seen_at_the_next_query(shelf: Shelf) -> None:
    other = await shelf.again()
    assert await seen(other) == [[], []]
    await shelf.add("d1", "fox one", readers=("tenant",))
    assert await seen(other) == [["fox one"]] * 2
    await shelf.add("d1", "fox two", readers=("tenant",), build_id="b2", fence=2)
    assert await seen(other) == [["fox two"]] * 2
    await shelf.remove("d1")
    assert await seen(other) == [[], []]


async def test_a_revocation_elsewhere_is_seen_at_the_next_query(shelf: Shelf) -> None:
    other = await shelf.again()
    await shelf.add("d1", "fox", readers=("user:bob",))
    assert await seen(other) == [["fox"]] * 2
    await shelf.describe("d1", readers=())
    assert await seen(other) == [[], []]
    await shelf.describe("d1", readers=("user:bob",))
    assert await seen(other) == [["fox"]] * 2


async def test_an_index_opened_late_sees_what_was_there(shelf: Shelf) -> None:
    await shelf.add("d1", "fox", readers=("tenant",))
    await shelf.add("d2", "fox hen", readers=("tenant",))
    await shelf.remove("d1")
    assert await seen(await shelf.again()) == [["fox hen"]] * 2


async def test_many_swaps_leave_only_the_last(shelf: Shelf) -> None:
    other = await shelf.again()
    for fence in range(1, 20):
        rows = [f"fox {fence} {place}" for place in range(30)]
        await shelf.add("d1", *rows, build_id=f"b{fence}", fence=fence, readers=("tenant",))
        found, _ = await seen(other)
        assert sorted(found) == sorted(rows)


async def test_a_swap_shows_the_old_build_or_the_new_and_never_half(shelf: Shelf) -> None:
    other = await shelf.again()
    await shelf.add("d1", "fox 0", "fox 0", readers=("tenant",))
    swapping = asyncio.create_task(swap(shelf, times=20))
    looks = [await other.near(principal=BOB), await other.words("fox", BOB)]
    while not swapping.done():
        looks += await asyncio.gather(*(search(other, place) for place in range(6)))
    assert [texts for texts in map(fox_texts, looks) if len(texts) != 2 or len(set(texts)) != 1] == []


async def test_who_looks_while_a_document_comes_and_goes_sees_all_of_it_or_nothing(shelf: Shelf) -> None:
    other = await shelf.again()
    coming = asyncio.create_task(come_and_go(shelf, times=8))
    looks: list[tuple[Passage, ...]] = []
    while not coming.done():
        looks += await asyncio.gather(*(search(other, place) for place in range(4)))
    assert {len(texts) for texts in map(fox_texts, looks)} <= {0, 3}


async def come_and_go(shelf: Shelf, times: int) -> None:
    for _ in range(times):
        await shelf.add("d1", "fox 1", "fox 2", "fox 3", readers=("tenant",))
        await shelf.remove("d1")


async def swap(shelf: Shelf, times: int) -> None:
    for fence in range(2, times):
        text = f"fox {fence}"
        await shelf.add("d1", text, text, build_id=f"b{fence}", fence=fence, readers=("tenant",))


async def search(shelf: Shelf, place: int) -> tuple[Passage, ...]:
    found: tuple[Passage, ...] = await (shelf.words("fox", BOB) if place % 2 else shelf.near(principal=BOB))
    return found


def fox_texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]
