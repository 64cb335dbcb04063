"""What happens beside each other ends as if one had come after the other."""

import asyncio
from typing import Any

import pytest
from support.archives import zipped
from support.meanwhile import Meanwhile, at_once

from footnote.modules.ingestion.errors import QuotaReached
from footnote.modules.ingestion.extraction.errors import Unreadable
from footnote.modules.ingestion.limits import TenantLimits
from footnote.modules.ingestion.models import DocumentChange
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
EVERYTHING = ("document", "document_version", "document_receipt", "chunk", "build", "publication", "blob")


class Lost(Exception):
    """As if the transaction had met another."""


async def left(ingestion: Any) -> dict[str, int]:
    return {table: number for table in EVERYTHING if (number := await ingestion.rows(table))}


async def test_uploads_at_once_do_not_find_the_same_room(ingestion: Any) -> None:
    ingestion.service._uploads._limits = TenantLimits(documents=2)
    outcomes = await at_once(*(ingestion.upload(ANN, f"Words {number}.".encode()) for number in range(6)))
    assert outcomes == {"Document": 2, QuotaReached.__name__: 4}
    assert await ingestion.rows("document") == 2


async def test_the_same_bytes_at_once_are_one_document(ingestion: Any) -> None:
    documents = await asyncio.gather(*(ingestion.upload(ANN) for _ in range(4)))
    assert len({document.id for document in documents}) == 1
    assert (await ingestion.values("blob", "users"), await ingestion.rows("job")) == ([1], 1)


async def test_a_key_at_once_stands_for_one_upload(ingestion: Any) -> None:
    works = [ingestion.upload(ANN, text, idempotency_key="key") for text in (b"One.", b"Two.", b"Three.")]
    assert await at_once(*works) == {"Document": 1, "IdempotencyKeyReused": 2}
    assert await ingestion.rows("document") == 1


async def test_changes_at_once_are_all_kept(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    changes = [DocumentChange(title="New"), DocumentChange(metadata={"year": 1}), DocumentChange(readers=("tenant",))]
    await asyncio.gather(*(ingestion.service.change(ANN, document.id, change) for change in changes))
    after = await ingestion.service.get(ANN, document.id)
    assert (after.title, after.metadata, after.readers) == ("New", {"year": 1}, ("tenant",))


async def test_what_comes_in_a_document_while_it_is_deleted_goes_too(ingestion: Any, meanwhile: Meanwhile) -> None:
    document = await ingestion.upload(ANN, zipped({"a.txt": "The lamp."}), "a.zip")
    job = await ingestion.claim()
    meanwhile.after(ingestion.documents, "inside", lambda: ingestion.handler.run(job))
    await ingestion.service.delete(ANN, document.id)
    assert await meanwhile.outcome() is None
    assert await left(ingestion) == {}


async def test_reading_and_deleting_at_once_leave_nothing(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, zipped({"a.txt": "The lamp."}), "a.zip")
    works = ingestion.handler.run(await ingestion.claim()), ingestion.service.delete(ANN, document.id)
    assert await at_once(*works) == {"NoneType": 1, "DeletionReport": 1}
    assert await left(ingestion) == {}


async def test_sharing_while_files_inside_are_added_shares_them(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, zipped({"a.txt": "One.", "b.txt": "Two."}), "a.zip")
    change = DocumentChange(readers=("tenant",))
    await asyncio.gather(ingestion.work(), ingestion.service.change(ANN, document.id, change))
    inside = await ingestion.service.children(ANN, document.id)
    assert [child.readers for child in inside] == [("tenant",)] * 2


async def test_a_transaction_that_settles_a_job_can_be_repeated(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    job = await ingestion.claim()

    async def fail() -> None:
        await ingestion.service.reindex(ANN, document.id)
        raise Unreadable("broken")

    ingestion.embedder.before = fail
    with pytest.raises(Unreadable):
        await ingestion.handler.run(job)
    with pytest.raises(Lost):
        await settle(ingestion, job, is_lost=True)
    await settle(ingestion, job, is_lost=False)
    assert (await ingestion.service.get(ANN, document.id)).status == "queued"


async def settle(ingestion: Any, job: Any, *, is_lost: bool) -> None:
    async with ingestion.storage.transaction() as tx:
        await ingestion.jobs.bury(tx, job, {})
        await ingestion.handler.failed(tx, job, {"title": "broken"})
        if is_lost:
            raise Lost


async def test_the_same_bytes_of_several_people_at_once_are_counted_for_each(ingestion: Any) -> None:
    people = [Principal(tenant="t", subject=f"{number}") for number in range(6)]
    documents = await asyncio.gather(*(ingestion.upload(person) for person in people))
    assert await ingestion.values("blob", "users") == [6]
    works = [ingestion.service.delete(*each) for each in zip(people, (one.id for one in documents), strict=True)]
    assert await at_once(*works) == {"DeletionReport": 6}
    assert await left(ingestion) == {}


async def test_archives_read_at_once_share_the_room_of_their_upload(ingestion: Any) -> None:
    ingestion.handler._extracting._attachments._limits = TenantLimits(documents=5)
    inner = [zipped({f"{number}{name}.txt": f"{number}{name}" for name in "abc"}) for number in (1, 2)]
    document = await ingestion.upload(ANN, zipped({"1.zip": inner[0], "2.zip": inner[1]}), "a.zip")
    await ingestion.work()
    jobs = [await ingestion.claim(), await ingestion.claim()]
    await asyncio.gather(*(ingestion.handler.run(job) for job in jobs))
    assert len(await ingestion.service.children(ANN, document.id)) == 5
