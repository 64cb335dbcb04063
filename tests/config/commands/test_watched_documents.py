"""What becomes of documents under way, while they change and the store comes and goes."""

from types import SimpleNamespace
from typing import Any

import pytest

from footnote.config.commands.following import BATCH, Following
from footnote.platform.errors import NotFound, Unavailable
from footnote.platform.principal import LOCAL


class Store:
    def __init__(self, **statuses: str) -> None:
        self.statuses = statuses
        self.asked: list[str] = []
        self.is_away = False

    async def get(self, principal: Any, document_id: str) -> Any:
        self.asked.append(document_id)
        if document_id not in self.statuses:
            raise NotFound("It is gone.")
        return SimpleNamespace(id=document_id, status=self.statuses[document_id])

    async def children(self, principal: Any, document_id: str) -> list[Any]:
        if self.is_away:
            raise Unavailable("It is away.")
        return []


def following(store: Any, *document_ids: str) -> Following:
    found = Following(store, LOCAL)
    for document_id in document_ids:
        found.follow(document_id, f"{document_id}.txt")
    return found


async def look(found: Following) -> list[tuple[str, bool]]:
    """The labels of what has settled, and whether it still exists."""
    return [(followed.label, document is not None) async for followed, document in found.look()]


async def test_each_document_is_told_once_it_has_settled() -> None:
    store = Store(a="ready", b="embedding", c="failed")
    found = following(store, "a", "b", "c", "deleted")
    assert await look(found) == [("a.txt", True), ("c.txt", True), ("deleted.txt", False)]
    store.statuses["b"] = "cancelled"
    assert (await look(found), found.is_idle) == ([("b.txt", True)], True)


async def test_all_have_their_turn_however_many_are_under_way() -> None:
    store = Store(**{f"d{number}": "queued" for number in range(3 * BATCH)})
    found = following(store, *store.statuses)
    for _ in range(3):
        await look(found)
    assert sorted(store.asked) == sorted(store.statuses)


async def test_a_document_that_changes_while_it_is_looked_at_is_looked_at_again() -> None:
    store = Store(a="ready")
    found = following(store, "a")

    async def changed(principal: Any, document_id: str) -> list[Any]:
        store.statuses["a"] = "queued"
        found.follow("a", "a.txt")
        return []

    store.children = changed  # type: ignore[method-assign]
    assert (await look(found), found.is_idle) == ([("a.txt", True)], False)


async def test_a_store_that_is_away_loses_no_document() -> None:
    store = Store(a="ready")
    store.is_away = True
    found = following(store, "a")
    with pytest.raises(Unavailable):
        await look(found)
    store.is_away = False
    assert await look(found) == [("a.txt", True)]


async def test_news_stay_news_until_they_are_told() -> None:
    found = following(Store(a="ready"), "a")
    found.follow("a", "a.txt", is_news=False)
    assert [followed.is_news async for followed, _ in found.look()] == [True]
    found.follow("a", "a.txt", is_news=False)
    assert [followed.is_news async for followed, _ in found.look()] == [False]
