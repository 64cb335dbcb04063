"""The job that makes a document searchable, and what may happen to it meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from footnote.modules.ingestion import extracting, pipeline
from footnote.modules.ingestion.errors import ExtractionCrashed
from footnote.modules.ingestion.extraction.errors import Unreadable
from footnote.modules.retrieval import Chunk
from footnote.modules.retrieval.fusion import single
from footnote.modules.retrieval.repository import Probe
from footnote.modules.retrieval.stages import Stages
from footnote.platform.jobs.errors import LeaseLost
from footnote.platform.principal import Principal
from footnote.platform.storage import Blob
from footnote.platform.storage.errors import BlobVanished

ANN = Principal(tenant="t", subject="ann")
BOB = Principal(tenant="t", subject="bob")
INDEX = ["build", "chunk", "chunk_embedding", "publication"]


async def index_rows(ingestion: Any) -> list[int]:
    return [await ingestion.rows(table) for table in INDEX]


async def test_a_document_becomes_ready_with_its_chunks(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, b"The lamp is lit.")
    await ingestion.work()
    ready = await ingestion.service.get(ANN, document.id)
    assert (ready.status, ready.progress, ready.version, ready.chunks, ready.error) == ("ready", None, 1, 1, None)
    assert [passage.text for passage in await ingestion.index.passages(ANN, document.id)] == ["The lamp is lit."]


async def test_words_are_found_as_the_language_of_the_document_bends_them(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, "Die Häuser sind alt, und die Straßen der Stadt sind nicht gut.".encode())
    await ingestion.work()
    probe = Probe(embedding=None, text="Haus", filter=None, depth=10)
    [passage] = await ingestion.index.search(ANN, probe, single(10), Stages())
    assert passage.document_id == document.id


async def test_a_document_deleted_under_its_job_leaves_nothing(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    ingestion.embedder.before = lambda: ingestion.service.delete(ANN, document.id)
    await ingestion.work()
    assert (await index_rows(ingestion), await ingestion.rows("blob")) == ([0, 0, 0, 0], 0)
    assert await ingestion.jobs.depth() == {"done": 1}


async def test_sharing_while_it_is_embedded_is_what_is_published(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    change = pipeline.DocumentChange(readers=("user:bob",), title="New")
    ingestion.embedder.before = lambda: ingestion.service.change(ANN, document.id, change)
    await ingestion.work()
    assert [passage.title for passage in await ingestion.index.passages(BOB, document.id)] == ["New"]


async def test_a_worker_that_lost_its_lease_writes_nothing_more(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    late = await ingestion.claim("late", lease=timedelta())

    async def meanwhile() -> None:
        ingestion.embedder.before = lambda: None
        await ingestion.handler.run(await ingestion.claim("other"))
        await ingestion.service.delete(ANN, document.id)

    ingestion.embedder.before = meanwhile
    with pytest.raises(LeaseLost):
        await ingestion.handler.run(late)
    assert await index_rows(ingestion) == [0, 0, 0, 0]


async def test_an_extraction_swept_before_its_commit_is_written_again(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await ingestion.upload(ANN)
    reference = ingestion.blobs.reference

    async def vanished(tx: Any, tenant: str, blob: Blob) -> None:
        monkeypatch.setattr(ingestion.blobs, "reference", reference)
        raise BlobVanished(blob.sha256)

    monkeypatch.setattr(ingestion.blobs, "reference", vanished)
    await ingestion.work()
    assert (await ingestion.service.get(ANN, document.id)).status == "ready"


async def test_what_an_older_extractor_left_unfinished_does_not_stand_in_the_way(
    ingestion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await ingestion.upload(ANN)

    def break_off() -> None:
        raise RuntimeError

    ingestion.embedder.before = break_off
    job = await ingestion.claim(lease=timedelta())
    with pytest.raises(RuntimeError):
        await ingestion.handler.run(job)
    ingestion.embedder.before = lambda: None
    monkeypatch.setattr(pipeline, "EXTRACTOR", "newer/1")
    monkeypatch.setattr(extracting, "EXTRACTOR", "newer/1")
    await ingestion.work()
    assert (await ingestion.service.get(ANN, document.id)).version == 2


async def test_a_file_that_takes_too_much_memory_is_said_to(ingestion: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def take_too_much(*_: object) -> list[Chunk]:
        raise MemoryError

    await ingestion.upload(ANN)
    monkeypatch.setattr(pipeline, "chunk_to", take_too_much)
    with pytest.raises(ExtractionCrashed):
        await ingestion.work()


async def test_what_was_asked_for_meanwhile_is_done_before_the_job_ends(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, b"The old lamp.")

    async def replace() -> None:
        ingestion.embedder.before = lambda: None
        await ingestion.replace(ANN, document.id, b"The new lamp.", "b.txt")

    ingestion.embedder.before = replace
    await ingestion.work()
    assert [passage.text for passage in await ingestion.index.passages(ANN, document.id)] == ["The new lamp."]
    assert await ingestion.jobs.depth() == {"done": 1}


async def test_new_bytes_that_fail_leave_the_old_version_searchable(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, b"The old lamp.")
    await ingestion.work()
    await ingestion.replace(ANN, document.id, b"%PDF-1.4 broken", "b.pdf")
    with pytest.raises(Unreadable):
        await ingestion.work()
    assert [passage.text for passage in await ingestion.index.passages(ANN, document.id)] == ["The old lamp."]


async def test_a_failure_of_what_is_no_longer_asked_for_does_not_count(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    await fail_what_is_no_longer_asked_for(ingestion, document.id)
    assert (await ingestion.service.get(ANN, document.id)).status == "queued"
    assert (await ingestion.jobs.depth())["queued"] == 1


async def test_reindexing_leaves_no_moment_without_or_with_doubled_passages(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, b"The lamp is lit. " * 200)
    await ingestion.work()
    before = await texts_of(ingestion, document.id)
    seen = []

    async def look() -> None:
        seen.append(await texts_of(ingestion, document.id))

    ingestion.embedder.before = look
    await ingestion.service.reindex(ANN, document.id, chunking="fixed")
    await ingestion.work()
    assert seen
    assert all(texts == before for texts in seen)
    assert "".join(await texts_of(ingestion, document.id)) != "".join(before)


async def test_the_chunking_is_stored_with_the_version(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, chunking="fixed")
    await ingestion.work()
    version = await ingestion.documents.version(ANN, document.id, 1)
    assert version.chunking.startswith("fixed")


async def test_reading_again_makes_a_version_even_of_the_same_bytes(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    await ingestion.work()
    await ingestion.service.reindex(ANN, document.id, extract=True)
    await ingestion.work()
    assert (await ingestion.service.get(ANN, document.id)).version == 2


async def fail_what_is_no_longer_asked_for(ingestion: Any, document_id: str) -> None:
    job = await ingestion.claim()

    async def fail() -> None:
        await ingestion.service.reindex(ANN, document_id)
        raise Unreadable("broken")

    ingestion.embedder.before = fail
    with pytest.raises(Unreadable):
        await ingestion.handler.run(job)
    async with ingestion.storage.transaction() as tx:
        await ingestion.jobs.bury(tx, job, {})
        await ingestion.handler.failed(tx, job, {"title": "broken"})


async def texts_of(ingestion: Any, document_id: str) -> list[str]:
    return [passage.text for passage in await ingestion.index.passages(ANN, document_id)]


async def test_what_is_asked_for_after_a_cancellation_is_done_though_its_worker_died(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, b"The old lamp.")
    await ingestion.claim(lease=timedelta())
    await ingestion.service.cancel(ANN, document.id)
    await ingestion.replace(ANN, document.id, b"The new lamp.", "b.txt")
    taken_over = await ingestion.claim()
    assert not taken_over.cancel_requested


async def test_what_is_queued_again_keeps_its_priority(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, priority=7)
    await fail_what_is_no_longer_asked_for(ingestion, document.id)
    assert await ingestion.values("job", "status") == ["dead", "queued"]
    assert await ingestion.values("job", "priority") == [7, 7]


async def test_a_document_whose_job_waits_for_another_attempt_says_so(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    job = await ingestion.claim()
    async with ingestion.storage.transaction() as tx:
        await ingestion.jobs.retry(tx, job, {}, timedelta())
        await ingestion.handler.delayed(tx, job, {"title": "Not now"})
    waiting = await ingestion.service.get(ANN, document.id)
    assert (waiting.status, waiting.progress, waiting.error) == ("queued", None, {"title": "Not now"})
