"""Several calls at once."""

import asyncio

import pytest

from footnote.platform.together import together


async def test_what_calls_give_is_in_their_order() -> None:
    async def later(turns: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)
        return turns

    assert await together(later(turns) for turns in (3, 1, 2)) == [3, 1, 2]


async def test_an_error_is_raised_as_it_is_and_the_other_calls_end() -> None:
    ended: list[str] = []

    async def fail() -> None:
        raise LookupError

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("wait")

    with pytest.raises(LookupError):
        await together([wait(), fail()])
    assert ended == ["wait"]
