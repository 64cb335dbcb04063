"""Upkeep goes on whatever happens to it."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest

from footnote.config.upkeep import background, keep_at
from footnote.platform.storage.errors import StoreUnavailable


@pytest.mark.parametrize("failure", [StoreUnavailable("it is away"), OSError("no space"), ValueError("unforeseen")])
async def test_work_that_fails_is_done_again(failure: Exception) -> None:
    begun = 0
    is_done = asyncio.Event()

    async def work(services: Any) -> None:
        nonlocal begun
        begun += 1
        if begun == 1:
            raise failure
        is_done.set()

    async with background(keep_at("Working", work, cast("Any", None), timedelta())):
        await asyncio.wait_for(is_done.wait(), timeout=10)
