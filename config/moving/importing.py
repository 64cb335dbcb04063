"""A file into a store, document after document, each in one transaction with its blobs and its chunks.

What was imported already is passed over, so an import that was cut off goes on where it was.
"""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from footnote.config.moving.comparing import check_import
from footnote.config.moving.kinds import KIND_OF, Kind
from footnote.config.moving.parts import Parts
from footnote.config.moving.reading import OnRead, Reader, opened
from footnote.config.moving.records import (
    Begin,
    BlobHead,
    ChunkBatch,
    DocumentEnd,
    IndexHead,
    Piece,
    Record,
)
from footnote.modules.ingestion.arriving import ingest_job
from footnote.modules.ingestion.models import card
from footnote.modules.ingestion.repository.moving import DocumentRecord
from footnote.modules.retrieval.filling import fill_job
from footnote.modules.retrieval.ranking.late import decoded
from footnote.modules.retrieval.repository.moving import PARENT
from footnote.platform.storage import Blob, StagedBlob
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.errors import BlobVanished


class Imported(msgspec.Struct, kw_only=True):
    path: str
    documents: int = 0
    answers: int = 0
    conversations: int = 0
    memories: int = 0
    prompts: int = 0
    spending: int = 0
    provider_keys: int = 0
    present: int = 0  # of all these, those that were there already
    queued: int = 0  # documents that are to be read, since they were not ready
    unopened: tuple[str, ...] = ()  # what keys for providers are encrypted with and the settings do not hold
    foreign: int = 0  # documents whose chunks are to be embedded, since this store uses another model
    sha256: str = ""


async def import_file(parts: Parts, path: Path, *, max_attempts: int, on_read: OnRead = lambda _: None) -> Imported:
    """Read the file to its end twice, first to check it; `max_attempts` are those of the jobs that are queued.

    Raises:
        FileUnusable, ExportDamaged, ExportUnfinished, ExportTooNew, TargetNotEmpty: Nothing was imported.
        StoreUnavailable: What was imported stays; the same call goes on.
    """
    with opened(path, on_read) as reader:
        await check_import(parts, reader)
        imported = Imported(path=str(path))
        async with _Import(parts, reader, imported, max_attempts) as importing:
            for record in reader:
                await importing.take(record)
        imported.sha256 = reader.place.checksum
    return imported


class _Import:
    """`staged` are the bytes of the document that is being read; they are durable once its end is."""

    def __init__(self, parts: Parts, reader: Reader, imported: Imported, max_attempts: int) -> None:
        self._parts = parts
        self._reader = reader
        self._imported = imported
        self._max_attempts = max_attempts
        self._stack = AsyncExitStack()
        self._staged: dict[str, StagedBlob] = {}
        self._begun = Begin("", "")
        self._is_present = False
        self._blob: BlobHead | None = None
        self._index: IndexHead | None = None
        self._last: dict[str, str] = {}  # ids, by the kind
        self._active = ""  # the model whose embeddings this store searches

    async def __aenter__(self) -> "_Import":
        self._active = (await self._parts.store.spaces.living())[0].name
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def take(self, record: Record) -> None:
        match record:
            case Begin():
                await self._begin(record)
            case DocumentEnd(document):
                await self._finish(document)
            case _ if kind := KIND_OF.get(type(record)):
                await self._one(kind, record)
            case _ if not self._is_present:
                await self._part(record)

    @property
    def _is_foreign(self) -> bool:
        return self._index is not None and self._index.build.embedding != self._active

    async def _begin(self, begun: Begin) -> None:
        present = await self._parts.documents.following(self._begun.document_id)
        self._begun = begun
        self._is_present = present is not None and present.document.id == begun.document_id

    async def _part(self, record: Record) -> None:
        match record:
            case BlobHead(sha256):
                staging = self._parts.store.blobs.stage(self._begun.tenant)
                self._blob, self._staged[sha256] = record, await self._stack.enter_async_context(staging)
            case Piece(content) if self._blob is not None:
                await self._staged[self._blob.sha256].write(content)
            case IndexHead():
                self._index = record
            case ChunkBatch():
                await self._write(record)

    @again_on_conflict
    async def _write(self, batch: ChunkBatch) -> None:
        if self._index is None:
            raise self._reader.damaged("chunks stand where there is no index")
        found = sum(chunk.kind != PARENT for chunk in batch.chunks)
        embeddings = np.frombuffer(batch.embeddings, "<f4").reshape(found, -1) if found else np.zeros((0, 0), "<f4")
        tokens = [decoded(codes) for codes in batch.tokens] or None
        build, title = self._index.build, self._index.title
        async with self._parts.store.storage.transaction() as tx:
            await self._parts.store.index.write(tx, build, title, batch.chunks, embeddings, tokens)

    async def _finish(self, record: DocumentRecord) -> None:
        if self._is_present:
            self._imported.present += 1
        else:
            await self._keep(record)
            self._imported.documents += 1
            self._imported.queued += not record.is_settled
            self._imported.foreign += self._is_foreign
        await self._stack.aclose()
        self._staged, self._blob, self._index = {}, None, None

    async def _keep(self, record: DocumentRecord) -> None:
        if set(record.uses) != set(self._staged):
            raise self._reader.damaged("the document uses other bytes than stand before it")
        while True:
            kept = {sha256: await staged.keep() for sha256, staged in self._staged.items()}
            if any(blob.sha256 != sha256 for sha256, blob in kept.items()):
                raise self._reader.damaged("the bytes before it are not those that it uses")
            try:
                return await self._commit(record, kept)
            except BlobVanished:
                continue  # a sweep came between the bytes and the rows

    @again_on_conflict
    async def _commit(self, record: DocumentRecord, kept: dict[str, Blob]) -> None:
        store, tenant, document = self._parts.store, record.tenant, record.document
        async with store.storage.transaction() as tx:
            await self._parts.documents.restore(tx, record)
            for sha256 in record.uses:
                await store.blobs.reference(tx, tenant, kept[sha256])
            if self._index is not None:
                # No worker of this store has a fence so small: whatever is published next counts.
                await store.index.publish(tx, self._index.build, card(tenant, document), 0)
            if self._is_foreign:
                await store.jobs.enqueue(tx, fill_job())
            if not record.is_settled:
                await store.jobs.enqueue(tx, ingest_job(tenant, document, self._max_attempts))

    async def _one(self, kind: Kind, end: Any) -> None:
        record = end.record
        present = await self._parts.following(kind.name, self._last.get(kind.name, ""))
        self._last[kind.name] = kind.id_of(record)
        if present is not None and kind.id_of(present) == kind.id_of(record):
            self._imported.present += 1
            return
        await self._add(kind, record)
        setattr(self._imported, kind.name, getattr(self._imported, kind.name) + 1)

    @again_on_conflict
    async def _add(self, kind: Kind, record: Any) -> None:
        async with self._parts.store.storage.transaction() as tx:
            await kind.add(self._parts, tx, record)
