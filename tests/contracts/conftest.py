"""Every suite here runs on each store: what holds for a port holds for all its adapters."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.stores import Store, mongo_store, sqlite_store


@pytest.fixture(params=["sqlite", "mongodb"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with sqlite_store(tmp_path) if request.param == "sqlite" else mongo_store() as opened:
        yield opened
