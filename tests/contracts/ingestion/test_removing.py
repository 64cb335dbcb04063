"""A deletion takes everything with it, and nothing else."""

from typing import Any

import pytest
from support.archives import zipped

from footnote.modules.ingestion import removing
from footnote.modules.ingestion.errors import DocumentNotFound
from footnote.platform.events import DocumentDeleted
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
BOB = Principal(tenant="t", subject="bob")
TABLES = ("document", "document_version", "build", "chunk", "chunk_embedding", "publication", "blob")


async def rows(ingestion: Any) -> list[int]:
    return [await ingestion.rows(table) for table in TABLES]


async def test_what_is_inside_goes_with_it_and_is_counted(ingestion: Any) -> None:
    content = zipped({"inner.zip": zipped({"lamp.txt": "The lamp."}), "b.txt": "Words."})
    document = await ingestion.upload(ANN, content, "a.zip")
    await ingestion.work_off()
    deleted = (await ingestion.service.delete(ANN, document.id)).deleted
    assert (deleted.attachments, deleted.versions) == (3, 4)
    assert await rows(ingestion) == [0] * len(TABLES)
    assert await ingestion.files() == 0


async def test_what_is_inside_and_not_yet_read_is_not_read_any_more(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, zipped({"lamp.txt": "The lamp."}), "a.zip")
    await ingestion.work()
    await ingestion.service.delete(ANN, document.id)
    assert (await ingestion.jobs.depth()).get("queued", 0) == 0


async def test_bytes_that_another_uses_stay(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, zipped({"lamp.txt": "The lamp."}), "a.zip")
    other = await ingestion.upload(BOB, b"The lamp.")
    await ingestion.work_off()
    await ingestion.service.delete(ANN, document.id)
    assert await ingestion.blobs.read("t", other.sha256) == b"The lamp."
    assert await ingestion.index.passages(BOB, other.id)


async def test_one_file_inside_can_go_alone(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, zipped({"a.txt": "One.", "b.txt": "Two."}), "a.zip")
    await ingestion.work_off()
    first, second = await ingestion.service.children(ANN, document.id)
    await ingestion.service.delete(ANN, first.id)
    assert await ingestion.service.children(ANN, document.id) == [second]


async def test_each_that_goes_is_told_of(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, zipped({"a.txt": "One."}), "a.zip")
    await ingestion.work_off()
    (child,) = await ingestion.service.children(ANN, document.id)
    told = []

    async def hear(_: Any, event: DocumentDeleted) -> dict[str, int]:
        told.append(event.document_id)
        return {"answers_redacted": int(told.count(event.document_id) == 1)}

    ingestion.events.subscribe(DocumentDeleted, hear)
    report = await ingestion.service.delete(ANN, document.id)
    assert told == [child.id, document.id] * 2  # the second time after the commit
    assert report.deleted.answers_redacted == 2


async def test_a_deletion_that_fails_leaves_all_as_it_was(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, zipped({"a.txt": "One."}), "a.zip")
    await ingestion.work_off()
    before = await rows(ingestion)

    async def fail(*_: Any) -> dict[str, int]:
        raise OSError("no room")

    ingestion.events.subscribe(DocumentDeleted, fail)
    with pytest.raises(OSError, match="no room"):
        await ingestion.service.delete(ANN, document.id)
    assert await rows(ingestion) == before


async def test_the_news_of_a_deleted_document_tells_nothing_of_it(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, title="Secret")
    await ingestion.work()
    await ingestion.service.delete(ANN, document.id)
    with pytest.raises(DocumentNotFound):
        await ingestion.service.get(ANN, document.id)
    assert [event.document for event in await ingestion.documents.events(ANN, 0)] == [None]


async def test_what_is_too_much_for_one_transaction_goes_in_several(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "AT_ONCE", 2)
    inner = zipped({f"{name}.txt": name for name in "ab"})
    document = await ingestion.upload(ANN, zipped({"in.zip": inner, "c.txt": "c", "d.txt": "d"}), "a.zip")
    await ingestion.work_off()
    deleted = (await ingestion.service.delete(ANN, document.id)).deleted
    assert (deleted.attachments, deleted.versions, await rows(ingestion)) == (5, 6, [0] * len(TABLES))
