"""A small index on the embedded store, and what embeds for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.letters import LetterEmbedder
from support.shelf import Shelf, opened_shelf
from support.stores import mongo_store, sqlite_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with sqlite_store(tmp_path) as opened, opened_shelf(opened) as shelf:
        yield shelf


@pytest.fixture(params=["sqlite", "mongodb"])
async def either_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shelf]:
    opening = mongo_store() if request.param == "mongodb" else sqlite_store(tmp_path)
    async with opening as opened, opened_shelf(opened) as shelf:
        yield shelf


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()
