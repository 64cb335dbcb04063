"""Documents in documents, how much is kept, and what is to be done."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from support.documents import ANN, BOB, EVE, NOW, VERSION, document
from support.stores import Store
from support.transactions import committed

from footnote.modules.ingestion.errors import DuplicateDocument, IdempotencyKeyReused
from footnote.modules.ingestion.models import Document, DocumentChange, Plan, Receipt, Usage
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.platform.storage import Transaction

T = TypeVar("T")


class Kept:
    """Documents in a store, each call a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.documents: DocumentRepository = store.documents(lambda: NOW)

    async def do(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await committed(self._store.storage, work)

    async def add(self, *documents: Document, source: str | None = None) -> None:
        for one in documents:
            await self.do(lambda tx, one=one: self.documents.add(tx, "t", one, source=source))  # type: ignore[misc]

    async def change(self, document_id: str = "1", *, renew: bool = False, reread: bool = False, **fields: Any) -> None:
        change = DocumentChange(**fields)
        await self.do(lambda tx: self.documents.change(tx, "t", document_id, change, renew=renew, reread=reread))


@pytest.fixture
def kept(store: Store) -> Kept:
    return Kept(store)


def inside(number: str, parent: str, **changes: Any) -> Document:
    return document(number, parent_id=parent, **changes)


async def test_what_came_in_it_is_told_first_come_first(kept: Kept) -> None:
    await kept.add(document("1"), inside("3", "1"), inside("2", "1"), inside("4", "2"), document("5"))
    found = await kept.do(lambda tx: kept.documents.children(tx, "t", "1"))
    assert [child.id for child in found] == ["2", "3"]
    assert await kept.do(lambda tx: kept.documents.children(tx, "other", "1")) == []


async def test_a_list_keeps_what_came_in_one_document(kept: Kept) -> None:
    await kept.add(document("1"), inside("2", "1"), document("3"))
    page = await kept.documents.page(ANN, status=None, query="", cursor=None, limit=9, parent_id="1")
    nothing = await kept.documents.page(ANN, status=None, query="", cursor=None, limit=9, parent_id="")
    assert ([item.id for item in page.items], nothing.items) == (["2"], ())


async def test_the_same_bytes_may_be_inside_and_outside(kept: Kept) -> None:
    await kept.add(document("1", sha256="same"), inside("2", "1", sha256="same"))
    with pytest.raises(DuplicateDocument):
        await kept.add(inside("3", "1", sha256="same"))
    same = await kept.documents.same_bytes(ANN, "same")
    assert same is not None
    assert same.id == "1"


async def test_bytes_of_another_document_cannot_be_taken_on(kept: Kept) -> None:
    await kept.add(document("1"), document("2"))
    with pytest.raises(DuplicateDocument):
        await kept.change("1", sha256="hash 2")
    await kept.change("1", sha256="hash 1")


async def test_usage_counts_one_tenant(kept: Kept) -> None:
    await kept.add(document("1", size=5), document("2", size=2**40, status="ready"), document("3", status="failed"))
    usage = await kept.do(lambda tx: kept.documents.usage(tx, "t"))
    assert usage == Usage(documents=3, size=2**40 + 10, waiting=1)
    assert await kept.do(lambda tx: kept.documents.usage(tx, "other")) == Usage(documents=0, size=0, waiting=0)


@pytest.mark.parametrize(("number", "members"), [("1", 0), ("2", 4), ("3", 3), ("4", 2), ("5", 4), ("unknown", 0)])
async def test_a_family_is_all_of_one_upload_but_what_came_in_the_document(
    kept: Kept, number: str, members: int
) -> None:
    # 1 holds 2 and 4, 4 holds 3, and 3 holds 5.
    await kept.add(document("1"), inside("2", "1"), inside("4", "1"), inside("3", "4"), inside("5", "3"), document("6"))
    usage = await kept.do(lambda tx: kept.documents.family(tx, "t", number))
    assert usage.documents == members


async def test_a_plan_grows_with_every_renewal(kept: Kept) -> None:
    await kept.add(document())
    await kept.change(title="Another")
    assert await kept.do(lambda tx: kept.documents.plan(tx, "t", "1")) == Plan(revision=0, stale_through=0)
    await kept.change(renew=True)
    assert await kept.do(lambda tx: kept.documents.plan(tx, "t", "1")) == Plan(revision=1, stale_through=0)


async def test_reading_again_makes_all_versions_stale(kept: Kept) -> None:
    await kept.add(document())
    await kept.do(lambda tx: kept.documents.add_version(tx, "t", VERSION))
    await kept.change(renew=True, reread=True)
    assert await kept.do(lambda tx: kept.documents.plan(tx, "t", "1")) == Plan(revision=1, stale_through=1)
    assert await kept.documents.version_of(ANN, "1", "c", "x/1", after=1) is None


async def test_the_chunker_of_a_version_is_noted(kept: Kept) -> None:
    await kept.add(document())
    await kept.do(lambda tx: kept.documents.add_version(tx, "t", VERSION))
    await kept.do(lambda tx: kept.documents.record_chunking(tx, "t", VERSION, "fixed/1"))
    assert (await kept.documents.version(ANN, "1", 1)).chunking == "fixed/1"
    assert await kept.do(lambda tx: kept.documents.last_version(tx, "t", "1")) == 1
    assert await kept.do(lambda tx: kept.documents.contents(tx, "t", "1")) == {"c"}


async def test_a_key_cannot_stand_for_another_upload(kept: Kept) -> None:
    await kept.add(document("1"), document("2"))
    for person, number in ((ANN, "1"), (BOB, "2")):
        receipt = Receipt(sha256="hash", document_id=number)
        await kept.do(lambda tx: kept.documents.add_receipt(tx, person, "key", receipt))  # noqa: B023
    with pytest.raises(IdempotencyKeyReused):
        await kept.do(lambda tx: kept.documents.add_receipt(tx, ANN, "key", Receipt(sha256="h", document_id="2")))


async def test_the_newest_document_of_a_path_is_the_one_kept_in_step(kept: Kept) -> None:
    await kept.add(document("1"), document("2"), document("3", owner="bob"), source="/notes/a.md")
    await kept.add(document("4"))
    found = await kept.documents.by_source(ANN, "/notes/a.md")
    assert found is not None
    assert (found.id, await kept.documents.by_source(EVE, "/notes/a.md")) == ("2", None)


async def test_news_of_one_document_leave_out_the_others(kept: Kept) -> None:
    await kept.add(document("1"), document("2"), document("3"))
    events = await kept.documents.events(ANN, 0, document_id="2")
    assert [event.document_id for event in events] == ["2"]
    assert len(await kept.documents.events(ANN, 0, limit=2)) == 2


async def test_who_could_read_it_then_is_told_of_it(kept: Kept) -> None:
    await kept.add(document(readers=("group:legal",)))
    await kept.change(readers=())
    assert [event.document and event.document.readers for event in await kept.documents.events(BOB, 0)] == [
        ("group:legal",)
    ]
    assert len(await kept.documents.events(ANN, 0)) == 2


async def test_old_news_are_forgotten(kept: Kept, store: Store) -> None:
    await kept.add(document("1"))
    later = store.documents(lambda: NOW + timedelta(days=2))
    await kept.do(lambda tx: later.add(tx, "t", document("2")))
    await later.forget_events(timedelta(days=1))
    assert [event.document_id for event in await later.events(ANN, 0)] == ["2"]


async def test_all_that_came_in_it_is_told_outermost_first(kept: Kept) -> None:
    await kept.add(document("1"), inside("3", "1", depth=1), inside("2", "3", depth=2), inside("4", "1", depth=1))
    await kept.add(document("5"))
    found = await kept.do(lambda tx: kept.documents.inside(tx, "t", "1"))
    assert [child.id for child in found] == ["3", "4", "2"]
    assert await kept.do(lambda tx: kept.documents.inside(tx, "other", "1")) == []
