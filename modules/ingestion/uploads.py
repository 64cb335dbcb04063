"""New bytes on their way in: bounded, looked at, scanned, kept and queued."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from footnote.modules.ingestion.arriving import ingest_job, new_document
from footnote.modules.ingestion.errors import (
    DuplicateDocument,
    IdempotencyKeyReused,
    UnsupportedDocument,
    UploadTooLarge,
)
from footnote.modules.ingestion.limits import TenantLimits
from footnote.modules.ingestion.models import Document, DocumentChange, Receipt
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.platform.clock import Clock, utc_now
from footnote.platform.jobs import JobQueue
from footnote.platform.principal import Principal
from footnote.platform.storage import Blob, BlobStore, StagedBlob, Storage, Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.errors import BlobVanished

AGAIN = DocumentChange(status="queued", progress=None, error=None)

Sniff = Callable[[Path, str], Awaitable[str]]
Scan = Callable[[Path], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What whoever uploads a file says of it."""

    filename: str
    title: str | None
    readers: tuple[str, ...]
    metadata: dict[str, Any]
    chunking: str | None
    priority: int
    source: str | None  # the path that the document is to be kept in step with
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Arrived:
    staged: StagedBlob
    blob: Blob
    media_type: str


class Uploads:
    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        *,
        sniff: Sniff,
        scan: Scan,
        supported: Collection[str],
        max_bytes: int,
        max_attempts: int,
        limits: TenantLimits,
        clock: Clock = utc_now,
    ) -> None:
        """`sniff` tells the media type of a file by its content; both it and `scan` raise what is wrong with it."""
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._sniff = sniff
        self._scan = scan
        self._supported = supported
        self._max_bytes = max_bytes
        self._max_attempts = max_attempts
        self._limits = limits
        self._clock = clock
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take_in(self, principal: Principal, content: AsyncIterable[bytes], given: Given) -> tuple[Document, bool]:
        """The document, and whether it was there before; nothing of it is done twice."""
        async with self._arrived(principal, content, given.filename) as arrived:
            document = new_document(
                arrived.blob,
                owner=principal.subject,
                title=given.title,
                filename=given.filename,
                media_type=arrived.media_type,
                readers=given.readers,
                metadata=given.metadata,
                chunking=given.chunking,
                priority=given.priority,
                now=self._clock(),
            )
            return await self._add(principal, document, arrived, given)

    async def replace(
        self, principal: Principal, before: Document, content: AsyncIterable[bytes], filename: str
    ) -> Document:
        """As it was, if the bytes are the same."""
        async with self._arrived(principal, content, filename) as arrived:
            if arrived.blob.sha256 == before.sha256:
                return before
            change = msgspec.structs.replace(
                AGAIN,
                sha256=arrived.blob.sha256,
                size=arrived.blob.size,
                media_type=arrived.media_type,
                filename=filename,
            )
            async with self._turn(principal.tenant):
                try:
                    return await self._swap(principal, before.id, change, arrived.blob)
                except BlobVanished:
                    return await self._swap(principal, before.id, change, await arrived.staged.keep())

    @asynccontextmanager
    async def _arrived(
        self, principal: Principal, content: AsyncIterable[bytes], filename: str
    ) -> AsyncIterator[Arrived]:
        async with self._blobs.stage(principal.tenant) as staged:
            await self._receive(content, staged, filename)
            media_type = await self._media_type(staged, filename)
            yield Arrived(staged, await staged.keep(), media_type)

    async def _receive(self, content: AsyncIterable[bytes], staged: StagedBlob, filename: str) -> None:
        size = 0
        async for piece in content:
            size += len(piece)
            if size > self._max_bytes:
                raise UploadTooLarge(filename, self._max_bytes)
            await staged.write(piece)

    async def _media_type(self, staged: StagedBlob, filename: str) -> str:
        media_type = await self._sniff(await staged.path(), filename)
        if media_type not in self._supported:
            raise UnsupportedDocument(filename, media_type, sorted(self._supported))
        await self._scan(await staged.path())
        return media_type

    async def _add(
        self, principal: Principal, document: Document, arrived: Arrived, given: Given
    ) -> tuple[Document, bool]:
        if known := await self._known(principal, document, given.idempotency_key):
            return known
        try:
            async with self._turn(principal.tenant):
                await self._commit_kept(principal, document, arrived, given)
        except DuplicateDocument:
            # Somebody else's upload of the same bytes was committed between the look and the insertion.
            existing = await self._documents.same_bytes(principal, document.sha256)
            if existing is None:
                raise
            return existing, True
        return document, False

    async def _commit_kept(self, principal: Principal, document: Document, arrived: Arrived, given: Given) -> None:
        try:
            await self._commit(principal, document, arrived.blob, given)
        except BlobVanished:
            await self._commit(principal, document, await arrived.staged.keep(), given)

    async def _known(self, principal: Principal, document: Document, key: str | None) -> tuple[Document, bool] | None:
        """What came of the same upload before: by its key as it was told then, else by its bytes as a duplicate."""
        if key is not None and (earlier := await self._documents.receipt(principal, key)):
            if earlier.sha256 != document.sha256:
                raise IdempotencyKeyReused(key)
            return await self._documents.get(principal, earlier.document_id), False
        existing = await self._documents.same_bytes(principal, document.sha256)
        return None if existing is None else (existing, True)

    @again_on_conflict
    async def _commit(self, principal: Principal, document: Document, blob: Blob, given: Given) -> None:
        async with self._storage.transaction() as tx:
            await self._require_room(tx, principal.tenant, document.size)
            await self._documents.add(tx, principal.tenant, document, source=given.source)
            await self._blobs.reference(tx, principal.tenant, blob)
            if given.idempotency_key is not None:
                receipt = Receipt(sha256=document.sha256, document_id=document.id)
                await self._documents.add_receipt(tx, principal, given.idempotency_key, receipt)
            await self._jobs.enqueue(tx, ingest_job(principal.tenant, document, self._max_attempts))

    @again_on_conflict
    async def _swap(self, principal: Principal, document_id: str, change: DocumentChange, blob: Blob) -> Document:
        """Each content that the document or a version of it has counts as one user of its bytes."""
        async with self._storage.transaction() as tx:
            before = await self._documents.current(tx, principal.tenant, document_id)
            await self._require_room(tx, principal.tenant, blob.size - before.size, is_new=False)
            held = await self._documents.contents(tx, principal.tenant, document_id)
            document = await self._documents.change(tx, principal.tenant, document_id, change, renew=True)
            if before.sha256 not in held | {blob.sha256}:
                await self._blobs.release(tx, principal.tenant, before.sha256)
            if blob.sha256 not in held | {before.sha256}:
                await self._blobs.reference(tx, principal.tenant, blob)
            await self._jobs.enqueue(tx, ingest_job(principal.tenant, document, self._max_attempts))
        return document

    async def _require_room(self, tx: Transaction, tenant: str, size: int, *, is_new: bool = True) -> None:
        if self._limits != TenantLimits():  # else nobody needs to count, or to take turns
            self._limits.check(await self._documents.usage(tx, tenant), size, is_new=is_new)

    def _turn(self, tenant: str) -> AbstractAsyncContextManager[Any]:
        """Those who count the same documents conflict; of one process, they wait for each other instead."""
        if self._limits == TenantLimits():
            return nullcontext()
        return self._turns.setdefault(tenant, asyncio.Lock())
