"""A worker over a queue whose store can go away."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from loguru import logger

from footnote.platform.jobs import failures, outage
from footnote.platform.jobs.schema import MIGRATIONS
from footnote.platform.jobs.sqlite import SqliteJobQueue
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

SHORT = timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (failures, "BACKOFF"),
        (failures, "POSTPONED"),
        (failures, "POSTPONED_BY_STORE"),
        (outage, "FIRST_PAUSE"),
        (outage, "LONGEST_PAUSE"),
    ):
        monkeypatch.setattr(module, name, SHORT)


@pytest.fixture
async def queue(database: SqliteDatabase) -> SqliteJobQueue:
    await migrate(database, {"jobs": MIGRATIONS})
    return SqliteJobQueue(database)


@pytest.fixture
def said() -> Iterator[list[str]]:
    """The messages that were logged."""
    yield from _logged("DEBUG")


@pytest.fixture
def warned() -> Iterator[list[str]]:
    """Those that someone at a terminal sees, too."""
    yield from _logged("WARNING")


def _logged(level: str) -> Iterator[list[str]]:
    messages: list[str] = []

    def note(message: Any) -> None:
        messages.append(message.record["message"])

    sink = logger.add(note, level=level)
    yield messages
    logger.remove(sink)
