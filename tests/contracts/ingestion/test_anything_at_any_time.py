"""People who change their minds while a worker is at it: in the end, what was asked for last is there."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.archives import zipped

from footnote.modules.ingestion.models import Document, DocumentChange
from footnote.platform.errors import FootnoteError
from footnote.platform.jobs.worker import Worker
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
BOB = Principal(tenant="t", subject="bob")
TEXTS = ["The keeper lights the lamp. " * 40, "The sea is calm.", "Herons wait in the reeds."]
FILES = [*((text.encode(), "a.txt") for text in TEXTS), (zipped({"in.txt": TEXTS[1], "two.txt": "Two."}), "a.zip")]


class Person:
    def __init__(self, ingestion: Any, principal: Principal, chance: random.Random) -> None:
        self._service = ingestion.service
        self._upload = ingestion.upload
        self._replace = ingestion.replace
        self._principal = principal
        self._chance = chance

    async def acts(self, times: int) -> None:
        for _ in range(times):
            await asyncio.sleep(self._chance.random() * 0.02)
            with suppress(FootnoteError):
                await self._act()

    async def _act(self) -> None:
        content, name = self._chance.choice(FILES)
        known = (await self._service.page(self._principal, limit=50)).items
        if not known or self._chance.random() < 0.2:
            await self._upload(self._principal, content, name)
            return
        who, one = self._principal, self._chance.choice(known).id
        match self._chance.randrange(8):
            case 0 | 1:
                await self._replace(who, one, content, name)
            case 2:
                await self._service.reindex(who, one, chunking=self._chance.choice(["fixed", "structure"]))
            case 3:
                await self._service.reindex(who, one, extract=True)
            case 4:
                await self._service.cancel(who, one)
            case 5:
                await self._service.retry(who, one)
            case 6:
                await self._service.delete(who, one)
            case 7:
                await self._service.change(who, one, DocumentChange(title=f"T{self._chance.random()}"))


async def is_quiet(ingestion: Any) -> bool:
    depth = await ingestion.jobs.depth()
    return not depth.keys() & {"queued", "running"}


async def lived(ingestion: Any, seed: int) -> None:
    """Two people do this and that, and the worker comes to the end of it."""
    worker = Worker(
        ingestion.jobs,
        ingestion.storage,
        [ingestion.handler],
        concurrency=2,
        lease=timedelta(seconds=30),
        grace=timedelta(seconds=5),
        poll=timedelta(milliseconds=5),
        patience=timedelta(milliseconds=20),
    )
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(stop))
    people = [Person(ingestion, who, random.Random(f"{seed}{who.subject}")) for who in (ANN, BOB)]
    await asyncio.gather(*(person.acts(25) for person in people))
    async with asyncio.timeout(60):
        while not await is_quiet(ingestion):
            await asyncio.sleep(0.02)
    stop.set()
    await working


async def uses(ingestion: Any, documents: list[Document]) -> Counter[str]:
    """Of each blob, as they ought to be counted."""
    counted: Counter[str] = Counter()
    for document in documents:
        owner = Principal(tenant="t", subject=document.owner)
        async with ingestion.storage.transaction() as tx:
            counted.update(await ingestion.documents.contents(tx, "t", document.id) | {document.sha256})
            last = await ingestion.documents.last_version(tx, "t", document.id)
        for number in range(1, last + 1):
            counted[(await ingestion.documents.version(owner, document.id, number)).extraction] += 1
    return counted


@pytest.mark.parametrize("seed", range(3))
async def test_in_the_end_all_is_as_it_was_asked_for_last(ingestion: Any, tmp_path: Path, seed: int) -> None:
    await lived(ingestion, seed)
    documents = [each for who in (ANN, BOB) for each in (await ingestion.service.page(who, limit=200)).items]
    assert {document.status for document in documents} <= {"ready", "cancelled"}
    for document in documents:
        if document.status == "ready" and document.media_type == "text/plain":
            await assert_found(ingestion, document)
    await ingestion.blobs.sweep()
    assert dict(await ingestion.values("blob", "sha256", "users")) == await uses(ingestion, documents)
    assert (list((tmp_path / "scratch").iterdir()), len(ingestion.handler._plans)) == ([], 0)


async def assert_found(ingestion: Any, document: Document) -> None:
    content = (await ingestion.blobs.read("t", document.sha256)).decode()
    passages = await ingestion.index.passages(Principal(tenant="t", subject=document.owner), document.id)
    assert {passage.title for passage in passages} == {document.title}
    assert len(passages) == document.chunks > 0
    for passage in passages:
        assert content[passage.start : passage.end] == passage.text
