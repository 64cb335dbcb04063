"""Uploading and deleting, also at the same time."""

import asyncio
from typing import Any

import pytest

from footnote.modules.ingestion.errors import DocumentNotFound, UnsupportedDocument
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
BOB = Principal(tenant="t", subject="bob")
EMPTY_AFTER_DELETION = [
    "blob",
    "document",
    "document_version",
    "document_receipt",
    "build",
    "chunk",
    "chunk_embedding",
    "publication",
    "job",
]


async def test_deletion_leaves_nothing_but_the_news_of_it(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, idempotency_key="key", title="Secret")
    await ingestion.work()
    report = await ingestion.service.delete(ANN, document.id)
    assert (report.deleted.versions, report.deleted.builds, report.deleted.chunks, report.deleted.blobs) == (1, 1, 1, 2)
    assert {table: await ingestion.rows(table) for table in EMPTY_AFTER_DELETION} == dict.fromkeys(
        EMPTY_AFTER_DELETION, 0
    )
    assert (await ingestion.files(), await ingestion.rows("document_event")) == (0, 1)


async def test_two_deletions_at_once_release_the_bytes_once(ingestion: Any) -> None:
    mine, other = await ingestion.upload(ANN), await ingestion.upload(BOB)
    outcomes = await asyncio.gather(*[ingestion.service.delete(ANN, mine.id) for _ in range(2)], return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DeletionReport", "DocumentNotFound"]
    assert await ingestion.blobs.read("t", other.sha256) == b"Words."


async def test_the_same_bytes_can_be_uploaded_and_deleted_in_any_order(ingestion: Any) -> None:
    async def come_and_go(person: Principal) -> None:
        for _ in range(5):
            document = await ingestion.upload(person)
            assert await ingestion.blobs.read("t", document.sha256) == b"Words."
            await ingestion.service.delete(person, document.id)

    await asyncio.gather(come_and_go(ANN), come_and_go(BOB))
    assert await ingestion.rows("blob") == 0


async def test_a_refused_file_leaves_no_bytes(ingestion: Any) -> None:
    with pytest.raises(UnsupportedDocument):
        await ingestion.upload(ANN, b"7z\xbc\xaf'\x1c\0\4", "a.pdf")
    assert await ingestion.files() == 0


async def test_only_the_owner_deletes(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, readers=["tenant"])
    with pytest.raises(DocumentNotFound):
        await ingestion.service.delete(BOB, document.id)
    assert await ingestion.service.get(BOB, document.id) == document
