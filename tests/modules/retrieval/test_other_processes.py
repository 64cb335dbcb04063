"""What another process changed, the next query sees, in every adapter of the chunk index."""

import asyncio
from typing import Any

from footnote.modules.retrieval import Passage
from footnote.platform.principal import Principal

Store = Any
BOB = Principal(tenant="acme", subject="bob")


async def seen(store: Store, principal: Principal = BOB) -> list[list[str]]:
    ways = [await store.near(principal=principal), await store.words("fox", principal)]
    return [[passage.text for passage in way] for way in ways]


async def test_additions_changes_and_deletions_elsewhere_are_seen_at_the_next_query(store: Store) -> None:
    other = await store.again()
    assert await seen(other) == [[], []]
    await store.add("d1", "fox one", readers=("tenant",))
    assert await seen(other) == [["fox one"]] * 2
    await store.add("d1", "fox two", readers=("tenant",), build_id="b2", fence=2)
    assert await seen(other) == [["fox two"]] * 2
    await store.remove("d1")
    assert await seen(other) == [[], []]


async def test_a_revocation_elsewhere_is_seen_at_the_next_query(store: Store) -> None:
    other = await store.again()
    await store.add("d1", "fox", readers=("user:bob",))
    assert await seen(other) == [["fox"]] * 2
    await store.describe("d1", readers=())
    assert await seen(other) == [[], []]
    await store.describe("d1", readers=("user:bob",))
    assert await seen(other) == [["fox"]] * 2


async def test_an_index_opened_late_sees_what_was_there(store: Store) -> None:
    await store.add("d1", "fox", readers=("tenant",))
    await store.add("d2", "fox hen", readers=("tenant",))
    await store.remove("d1")
    assert await seen(await store.again()) == [["fox hen"]] * 2


async def test_many_swaps_leave_only_the_last(store: Store) -> None:
    other = await store.again()
    for fence in range(1, 40):
        rows = [f"fox {fence} {place}" for place in range(60)]
        await store.add("d1", *rows, build_id=f"b{fence}", fence=fence, readers=("tenant",))
        found, _ = await seen(other)
        assert sorted(found) == sorted(rows)


async def test_a_swap_shows_the_old_build_or_the_new_and_never_half(store: Store) -> None:
    other = await store.again()
    await store.add("d1", "fox 0", "fox 0", readers=("tenant",))
    swapping = asyncio.create_task(swap(store, times=30))
    looks = [await other.near(principal=BOB), await other.words("fox", BOB)]
    while not swapping.done():
        looks += await asyncio.gather(*(search(other, place) for place in range(6)))
    assert [texts for texts in map(fox_texts, looks) if len(texts) != 2 or len(set(texts)) != 1] == []


async def swap(store: Store, times: int) -> None:
    for fence in range(2, times):
        text = f"fox {fence}"
        await store.add("d1", text, text, build_id=f"b{fence}", fence=fence, readers=("tenant",))


async def search(store: Store, place: int) -> tuple[Passage, ...]:
    found: tuple[Passage, ...] = await (store.words("fox", BOB) if place % 2 else store.near(principal=BOB))
    return found


def fox_texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]
