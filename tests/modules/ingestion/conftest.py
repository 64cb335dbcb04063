"""The slice on the embedded store; on both stores, `tests/contracts` has it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.ingesting import Slice, ingestion_on
from support.stores import sqlite_store


@pytest.fixture
async def ingestion(tmp_path: Path) -> AsyncIterator[Slice]:
    async with sqlite_store(tmp_path) as store:
        yield ingestion_on(store, tmp_path)
