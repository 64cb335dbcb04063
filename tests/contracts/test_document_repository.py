"""The contract of the document repository."""

from typing import Any

import msgspec
import pytest
from support.documents import ANN, BOB, EVE, NOW, VERSION, document
from support.stores import Store

from footnote.modules.ingestion.errors import DocumentNotFound, DuplicateDocument, VersionNotFound
from footnote.modules.ingestion.models import Document, DocumentChange, Progress, Receipt
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.platform.storage import Storage


@pytest.fixture
def documents(store: Store) -> DocumentRepository:
    return store.documents(lambda: NOW)


@pytest.fixture
def storage(store: Store) -> Storage:
    return store.storage


async def add(storage: Storage, documents: DocumentRepository, *added: Document) -> None:
    async with storage.transaction() as tx:
        for one in added:
            await documents.add(tx, "t", one)


async def change(storage: Storage, documents: DocumentRepository, **fields: Any) -> Document:
    async with storage.transaction() as tx:
        return await documents.change(tx, "t", "1", DocumentChange(**fields))


async def test_an_added_document_is_returned_whole(storage: Storage, documents: DocumentRepository) -> None:
    stored = document(progress=Progress(stage="embedding", done=1, total=2), readers=("tenant",), error={"title": "x"})
    await add(storage, documents, stored)
    assert await documents.get(ANN, "1") == stored


@pytest.mark.parametrize("readers", [(), ("user:eve",), ("group:sales",)])
async def test_who_is_not_a_reader_finds_nothing(
    storage: Storage, documents: DocumentRepository, readers: tuple[str, ...]
) -> None:
    await add(storage, documents, document(readers=readers))
    with pytest.raises(DocumentNotFound):
        await documents.get(BOB, "1")
    assert (await documents.page(BOB, status=None, query="", cursor=None, limit=9)).items == ()
    assert await documents.readable(BOB, ["1"]) == set()
    assert await documents.events(BOB, 0) == []


@pytest.mark.parametrize("readers", [("tenant",), ("user:bob",), ("group:legal",)])
async def test_a_reader_of_the_tenant_reads(
    storage: Storage, documents: DocumentRepository, readers: tuple[str, ...]
) -> None:
    await add(storage, documents, document(readers=readers))
    assert (await documents.get(BOB, "1")).id == "1"
    assert await documents.readable(BOB, ["1", "2"]) == {"1"}
    with pytest.raises(DocumentNotFound):
        await documents.get(EVE, "1")


async def test_the_same_bytes_are_one_document_an_owner(storage: Storage, documents: DocumentRepository) -> None:
    await add(storage, documents, document("1", sha256="same"), document("2", sha256="same", owner="bob"))
    with pytest.raises(DuplicateDocument):
        await add(storage, documents, document("3", sha256="same"))
    same = await documents.same_bytes(ANN, "same")
    assert same is not None
    assert same.id == "1"


async def test_pages_follow_each_other_newest_first(storage: Storage, documents: DocumentRepository) -> None:
    await add(storage, documents, *(document(str(number)) for number in range(5)))
    first = await documents.page(ANN, status=None, query="", cursor=None, limit=3)
    second = await documents.page(ANN, status=None, query="", cursor=first.next_cursor, limit=3)
    assert [item.id for item in first.items + second.items] == ["4", "3", "2", "1", "0"]
    assert second.next_cursor is None


async def test_a_page_is_narrowed_by_status_and_title(storage: Storage, documents: DocumentRepository) -> None:
    await add(storage, documents, document("1"), document("2", status="ready"), document("3", title="100% _done_"))
    ready = await documents.page(ANN, status="ready", query="rePORT", cursor=None, limit=9)
    odd = await documents.page(ANN, status=None, query="% _", cursor=None, limit=9)
    assert ([item.id for item in ready.items], [item.id for item in odd.items]) == (["2"], ["3"])


async def test_a_change_sets_only_its_fields(storage: Storage, documents: DocumentRepository) -> None:
    before = document(error={"title": "x"})
    await add(storage, documents, before)
    after = await change(storage, documents, title="New", error=None)
    assert after == msgspec.structs.replace(before, title="New", error=None)
    assert await documents.get(ANN, "1") == after


async def test_a_deleted_document_cannot_change(storage: Storage, documents: DocumentRepository) -> None:
    await add(storage, documents, document())
    async with storage.transaction() as tx:
        await documents.delete(tx, "t", "1")
    with pytest.raises(DocumentNotFound):
        await change(storage, documents, title="New")


async def test_deletion_keeps_to_the_tenant_and_returns_the_versions(
    storage: Storage, documents: DocumentRepository
) -> None:
    await add(storage, documents, document())
    async with storage.transaction() as tx:
        await documents.add_version(tx, "t", VERSION)
        with pytest.raises(DocumentNotFound):
            await documents.delete(tx, "other", "1")
        assert await documents.delete(tx, "t", "1") == [VERSION]
    with pytest.raises(VersionNotFound):
        await documents.version(ANN, "1", 1)


async def test_a_version_is_found_by_what_made_it(storage: Storage, documents: DocumentRepository) -> None:
    await add(storage, documents, document())
    async with storage.transaction() as tx:
        await documents.add_version(tx, "t", VERSION)
    assert await documents.version_of(ANN, "1", "c", "x/1") == VERSION
    assert await documents.version_of(ANN, "1", "c", "x/2") is None
    assert await documents.version_of(EVE, "1", "c", "x/1") is None


async def test_a_receipt_belongs_to_its_owner_and_goes_with_the_document(
    storage: Storage, documents: DocumentRepository
) -> None:
    receipt = Receipt(sha256="hash 1", document_id="1")
    await add(storage, documents, document(readers=("tenant",)))
    async with storage.transaction() as tx:
        await documents.add_receipt(tx, ANN, "key", receipt)
    assert (await documents.receipt(ANN, "key"), await documents.receipt(BOB, "key")) == (receipt, None)
    async with storage.transaction() as tx:
        await documents.delete(tx, "t", "1")
    assert await documents.receipt(ANN, "key") is None


async def test_events_tell_each_step_in_order(storage: Storage, documents: DocumentRepository) -> None:
    await add(storage, documents, document())
    await change(storage, documents, status="ready")
    events = await documents.events(ANN, 0)
    assert [event.document and event.document.status for event in events] == ["queued", "ready"]
    assert await documents.events(ANN, events[0].sequence) == events[1:]
    assert await documents.last_event() == events[-1].sequence


async def test_of_a_deleted_document_only_the_deletion_is_told(storage: Storage, documents: DocumentRepository) -> None:
    await add(storage, documents, document(), document("2"))
    async with storage.transaction() as tx:
        await documents.delete(tx, "t", "1")
    events = await documents.events(ANN, 0)
    assert [(event.document_id, event.document is None) for event in events] == [("2", False), ("1", True)]
