"""Fixtures that every folder of tests shares."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from footnote.platform.storage.sqlite import SqliteDatabase

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = await SqliteDatabase.open(tmp_path / "footnote.db", synchronous="off")
    yield database
    await database.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; tests that ask for it run only where it is."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real data is not here")
    return SHARED_DATA
