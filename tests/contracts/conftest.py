"""Every suite here runs on each store: what holds for a port holds for all its adapters."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.filter_language import DECLARED
from support.plans import recorded, scanned, unserved
from support.shelf import Shelf, opened_shelf
from support.stores import Store, mongo_store, sqlite_store


@pytest.fixture(params=["sqlite", "mongodb"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Empty. On MongoDB every query of the test has to be served by an index, or to be told in `support.plans`."""
    if request.param == "sqlite":
        async with sqlite_store(tmp_path) as opened:
            yield opened
        return
    async with mongo_store() as opened:
        with recorded(opened.database.name) as commands:
            yield opened
        assert not unserved(commands)
        assert not await scanned(opened.database, commands)


@pytest.fixture
async def shelf(store: Store) -> AsyncIterator[Shelf]:
    async with opened_shelf(store, metadata=DECLARED) as opened:
        yield opened
