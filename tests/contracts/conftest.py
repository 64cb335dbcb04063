"""Every suite here runs on each store: what holds for a port holds for all its adapters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.filter_language import DECLARED
from support.plans import recorded, scanned, unserved
from support.shelf import Shelf, opened_shelf
from support.stores import Store, lance_store, mongo_store, sqlite_store


@pytest.fixture(params=["sqlite", "mongodb"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Empty. On MongoDB every query of the test has to be served by an index, or to be told in `support.plans`."""
    async with opened_store(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "mongodb", "lancedb"])
async def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shelf]:
    """Of the stores, and of one that keeps its embeddings elsewhere."""
    async with opened_store(request.param, tmp_path) as store, opened_shelf(store, metadata=DECLARED) as opened:
        yield opened


@asynccontextmanager
async def opened_store(kind: str, folder: Path) -> AsyncIterator[Store]:
    if kind == "mongodb":
        async with mongo_store() as store:
            with recorded(store.database.name) as commands:
                yield store
            assert not unserved(commands)
            assert not await scanned(store.database, commands)
        return
    async with sqlite_store(folder) if kind == "sqlite" else lance_store(folder) as embedded:
        yield embedded
