"""What is remembered of passages goes when any process has deleted a document."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.shelf import Shelf, opened_shelf
from support.stores import mongo_store, sqlite_store

from footnote.config.forgetting import Forgetting


@pytest.fixture(params=["sqlite", "mongodb"])
async def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shelf]:
    opening = mongo_store() if request.param == "mongodb" else sqlite_store(tmp_path)
    async with opening as store, opened_shelf(store) as opened:
        yield opened


async def test_what_another_process_deletes_is_forgotten_with_the_next_look(shelf: Shelf) -> None:
    forgotten: list[str] = []
    forgetting, other = Forgetting(shelf.index, [lambda: forgotten.append("all")]), await shelf.again()
    await shelf.add("d1", "fox")
    await forgetting.look()
    assert forgotten == []
    await other.remove("d1")
    await forgetting.look()
    await shelf.add("d2", "hen")
    await forgetting.look()
    assert forgotten == ["all"]
