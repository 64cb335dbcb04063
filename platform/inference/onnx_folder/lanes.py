"""Rows computed side by side in threads, each by itself, fairly among those who call at once."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from footnote.platform.together import together


async def in_lanes(pool: ThreadPoolExecutor, lanes: int, rows: Sequence[int], compute: Callable[[int], None]) -> None:
    """No more rows are handed to `pool` than there are lanes, so calls take turns, and a cancelled one stops."""
    waiting = iter(rows)
    await together(_lane(pool, waiting, compute) for _ in range(min(lanes, len(rows))))


async def _lane(pool: ThreadPoolExecutor, rows: Iterator[int], compute: Callable[[int], None]) -> None:
    loop = asyncio.get_running_loop()
    for row in rows:
        await loop.run_in_executor(pool, compute, row)
