import asyncio

import pytest

from footnote.modules.evaluation.bounded import BATCH, in_thread, map_bounded


async def test_only_so_much_runs_at_once_and_order_is_kept() -> None:
    running: list[int] = []
    most: list[int] = []
    done: list[int] = []

    async def work(item: int) -> int:
        running.append(item)
        most.append(len(running))
        await asyncio.sleep(0)
        running.remove(item)
        return -item

    assert await map_bounded(work, [1, 2, 3, 4, 5], limit=2, on_done=done.append) == [-1, -2, -3, -4, -5]
    assert (max(most), done) == (2, [1, 2, 3, 4, 5])


async def test_the_first_failure_ends_the_rest() -> None:
    ended: list[int] = []

    async def work(item: int) -> None:
        if item == 1:
            raise LookupError
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(item)

    with pytest.raises(LookupError):
        await map_bounded(work, [1, 2, 3], limit=2, on_done=lambda _: None)
    await asyncio.sleep(0)
    assert ended == [2, 3]


async def test_a_blocking_iterator_is_drawn_whole() -> None:
    assert [item async for item in in_thread(iter(range(2 * BATCH + 1)))] == list(range(2 * BATCH + 1))
