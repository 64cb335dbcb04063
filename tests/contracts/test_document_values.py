"""Whatever a document holds comes back to the letter, and is found by it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from support.documents import ANN, document
from support.stores import Store
from support.transactions import committed

from footnote.modules.ingestion.models import Document, DocumentChange, Progress

ODD = [
    pytest.param(
        {"metadata": {"$set": 1, "a.b": None, "": True, "ä": 1.5e300, "big": 2**70, "low": -(2**63)}}, id="metadata"
    ),
    pytest.param({"title": "a\0b 🪐 .*[$^", "filename": "$x.y"}, id="text"),
    pytest.param({"size": 2**40, "pages": 2**31, "priority": -100}, id="numbers"),
    pytest.param({"created_at": datetime(2026, 1, 1, 1, 2, 3, 456789, UTC)}, id="microseconds"),
    pytest.param({"created_at": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2)))}, id="time zone"),
    pytest.param({"error": {"status": 500, "nested": {"$a": [1, {"b.c": None}]}}, "warnings": ("one", "")}, id="error"),
    pytest.param({"progress": Progress(stage="embedding", done=1, total=3, seconds_left=0.1)}, id="progress"),
    pytest.param({"readers": ("group:a.b", "user:$x"), "language": "de", "chunking": "fixed"}, id="readers"),
]


async def put(store: Store, *documents: Document) -> None:
    for one in documents:
        await committed(store.storage, lambda tx, one=one: store.documents().add(tx, "t", one))  # type: ignore[misc]


async def found(store: Store, query: str) -> list[str]:
    page = await store.documents().page(ANN, status=None, query=query, cursor=None, limit=9)
    return [item.id for item in page.items]


@pytest.mark.parametrize("values", ODD)
async def test_what_was_added_comes_back(store: Store, values: dict[str, Any]) -> None:
    added = document(**values)
    await put(store, added)
    back = await store.documents().get(ANN, "1")
    assert msgspec.json.encode(back) == msgspec.json.encode(added)


@pytest.mark.parametrize("values", [param for param in ODD if param.id not in ("microseconds", "time zone")])
async def test_what_was_changed_comes_back(store: Store, values: dict[str, Any]) -> None:
    await put(store, document())
    change = DocumentChange(**values)
    changed = await committed(store.storage, lambda tx: store.documents().change(tx, "t", "1", change))
    assert await store.documents().get(ANN, "1") == changed
    assert {name: getattr(changed, name) for name in values} == values


async def test_a_change_notes_its_time_with_microseconds(store: Store) -> None:
    now = datetime(2026, 1, 1, 1, 2, 3, 456789, UTC)
    await put(store, document())
    documents = store.documents(lambda: now)
    await committed(store.storage, lambda tx: documents.change(tx, "t", "1", DocumentChange(title="New")))
    assert (await documents.get(ANN, "1")).updated_at == now


@pytest.mark.parametrize("values", ODD)
async def test_the_news_hold_all_of_it(store: Store, values: dict[str, Any]) -> None:
    added = document(**values)
    await put(store, added)
    (event,) = await store.documents().events(ANN, 0)
    assert msgspec.json.encode(event.document) == msgspec.json.encode(added)


@pytest.mark.parametrize("query", ["ÉTÉ", "été", "STRASSE", "straße", "µ", "[.*]", "\\", "^L", "a\0B", "% _", "L'É"])
async def test_part_of_a_title_finds_it_case_ignored(store: Store, query: str) -> None:
    await put(store, document(title="^L'Été, Straße µ [.*] \\ a\0b % _"), document("2", title="LL"))
    assert await found(store, query) == ["1"]


@pytest.mark.parametrize("query", [".", "e.e", "^", "a.*", "\0", "$title", "$$ROOT", "e" * 40_000])
async def test_a_query_is_no_pattern(store: Store, query: str) -> None:
    await put(store, document(title="ete a"))
    assert await found(store, query) == []


async def test_a_changed_title_is_found_instead(store: Store) -> None:
    await put(store, document(title="Old"))
    change = DocumentChange(title="New")
    await committed(store.storage, lambda tx: store.documents().change(tx, "t", "1", change))
    assert (await found(store, "old"), await found(store, "new")) == ([], ["1"])
