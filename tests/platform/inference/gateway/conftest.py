"""A store for what is spent."""

import pytest

from footnote.platform.inference.gateway.spending.schema import MIGRATIONS
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase


@pytest.fixture
async def kept(database: SqliteDatabase) -> SqliteDatabase:
    await migrate(database, {"spending": MIGRATIONS})
    return database
