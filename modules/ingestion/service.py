"""The use cases of documents: take in, list, share, read, delete."""

import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection
from pathlib import Path, PurePosixPath
from typing import Any

from loguru import logger
from opentelemetry import trace

from footnote.modules.ingestion.errors import (
    DocumentNotFound,
    DuplicateDocument,
    IdempotencyKeyReused,
    InvalidReader,
    UnsupportedDocument,
    UploadTooLarge,
)
from footnote.modules.ingestion.models import (
    Deletion,
    DeletionReport,
    Document,
    DocumentChange,
    DocumentPage,
    Receipt,
    Status,
    Version,
    card,
)
from footnote.modules.ingestion.pipeline import INGEST, job_key
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.retrieval import ChunkIndex
from footnote.platform.clock import Clock, utc_now
from footnote.platform.errors import Unavailable
from footnote.platform.events import DocumentDeleted, EventBus
from footnote.platform.ids import new_id
from footnote.platform.jobs import JobQueue, NewJob
from footnote.platform.principal import TENANT_READER, Principal
from footnote.platform.storage import Blob, BlobStore, StagedBlob, Storage, Transaction
from footnote.platform.storage.errors import BlobVanished

tracer = trace.get_tracer(__name__)

READER = re.compile(r"(user|group):\S{1,200}")
LONGEST_TITLE = 500

Sniff = Callable[[Path, str], Awaitable[str]]


class IngestionService:
    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        index: ChunkIndex,
        events: EventBus,
        *,
        sniff: Sniff,
        supported: Collection[str],
        max_upload_bytes: int,
        max_attempts: int,
        wake_workers: Callable[[], None],
        clock: Clock = utc_now,
    ) -> None:
        """`sniff` tells the media type of a file by its content, and raises what is wrong with it."""
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._index = index
        self._events = events
        self._sniff = sniff
        self._supported = supported
        self._max_upload_bytes = max_upload_bytes
        self._max_attempts = max_attempts
        self._wake_workers = wake_workers
        self._clock = clock

    @tracer.start_as_current_span("ingestion.upload")
    async def upload(
        self,
        principal: Principal,
        content: AsyncIterable[bytes],
        *,
        filename: str,
        title: str | None = None,
        readers: Collection[str] = (),
        metadata: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> tuple[Document, bool]:
        """As the port says; an `idempotency_key` makes a repeated upload give the first one's outcome again.

        Raises:
            IdempotencyKeyReused: The owner used the key for other bytes.
        """
        allowed = checked_readers(readers)
        async with self._blobs.stage(principal.tenant) as staged:
            await self._receive(content, staged, filename)
            media_type = await self._media_type(staged, filename)
            blob = await staged.keep()
            now = self._clock()
            document = Document(
                id=new_id(),
                owner=principal.subject,
                title=(title or PurePosixPath(filename).stem or filename)[:LONGEST_TITLE],
                media_type=media_type,
                size=blob.size,
                sha256=blob.sha256,
                status="queued",
                progress=None,
                version=0,
                pages=0,
                chunks=0,
                language=None,
                readers=allowed,
                metadata=metadata or {},
                error=None,
                warnings=(),
                created_at=now,
                updated_at=now,
                filename=filename,
            )
            return await self._add(principal, document, staged, idempotency_key)

    async def get(self, principal: Principal, document_id: str) -> Document:
        return await self._documents.get(principal, document_id)

    async def page(
        self,
        principal: Principal,
        *,
        status: Status | None = None,
        query: str = "",
        cursor: str | None = None,
        limit: int,
    ) -> DocumentPage:
        return await self._documents.page(principal, status=status, query=query, cursor=cursor, limit=limit)

    async def readable(self, principal: Principal, document_ids: Collection[str]) -> set[str]:
        return await self._documents.readable(principal, document_ids)

    async def content(
        self, principal: Principal, document_id: str, version: int | None = None
    ) -> tuple[Document, AsyncIterator[bytes]]:
        """The document and the pieces of its original bytes, or of those that a version was made of."""
        document = await self._documents.get(principal, document_id)
        sha256 = document.sha256
        if version is not None:
            sha256 = (await self._documents.version(principal, document_id, version)).content
        await self._blobs.path(principal.tenant, sha256)  # while a problem can still be told
        return document, self._blobs.pieces(principal.tenant, sha256)

    @tracer.start_as_current_span("ingestion.change")
    async def change(self, principal: Principal, document_id: str, change: DocumentChange) -> Document:
        """Retitle, share or describe a document; searches see it at once.

        Raises:
            DocumentNotFound: There is none that `principal` may change.
            InvalidReader: A reader is of no known kind.
        """
        if isinstance(change.readers, tuple):
            checked_readers(change.readers)
        await self._require_change(principal, document_id)
        async with self._storage.transaction() as tx:
            document = await self._documents.change(tx, principal.tenant, document_id, change)
            await self._index.describe(tx, card(principal.tenant, document))
        return document

    @tracer.start_as_current_span("ingestion.delete")
    async def delete(self, principal: Principal, document_id: str) -> DeletionReport:
        """Remove the document and everything made of it, everywhere.

        Raises:
            DocumentNotFound: There is none that `principal` may change.
        """
        document = await self._require_change(principal, document_id)
        async with self._storage.transaction() as tx:
            await self._jobs.cancel(tx, job_key(document_id))
            await self._jobs.erase(tx, job_key(document_id))
            versions = await self._documents.delete(tx, principal.tenant, document_id)
            removed = await self._index.remove(tx, principal.tenant, document_id)
            freed = await self._release(tx, principal.tenant, document, versions)
            deleted = DocumentDeleted(tenant=principal.tenant, document_id=document_id)
            effects = await self._events.publish(tx, deleted)
        await self._sweep()
        counts = Deletion(
            versions=len(versions),
            builds=removed.builds,
            chunks=removed.chunks,
            blobs=freed,
            answers_redacted=effects.get("answers_redacted", 0),
        )
        return DeletionReport(id=document_id, deleted=counts)

    async def _sweep(self) -> None:
        try:
            await self._blobs.sweep()
        except Unavailable as error:
            # The deletion is committed; what nobody references any more goes with the next sweep.
            logger.bind(detail=error.detail).warning("The bytes of a deleted document could not be swept yet")

    async def _receive(self, content: AsyncIterable[bytes], staged: StagedBlob, filename: str) -> None:
        size = 0
        async for piece in content:
            size += len(piece)
            if size > self._max_upload_bytes:
                raise UploadTooLarge(filename, self._max_upload_bytes)
            await staged.write(piece)

    async def _media_type(self, staged: StagedBlob, filename: str) -> str:
        media_type = await self._sniff(await staged.path(), filename)
        if media_type not in self._supported:
            raise UnsupportedDocument(filename, media_type, sorted(self._supported))
        return media_type

    async def _add(
        self, principal: Principal, document: Document, staged: StagedBlob, key: str | None
    ) -> tuple[Document, bool]:
        if key is not None and (earlier := await self._documents.receipt(principal, key)):
            if earlier.sha256 != document.sha256:
                raise IdempotencyKeyReused(key)
            return await self._documents.get(principal, earlier.document_id), False
        if existing := await self._documents.same_bytes(principal, document.sha256):
            return existing, True
        try:
            await self._commit(principal, document, key)
        except BlobVanished:
            await staged.keep()
            await self._commit(principal, document, key)
        except DuplicateDocument:
            # Somebody else's upload of the same bytes was committed between the look and the insertion.
            existing = await self._documents.same_bytes(principal, document.sha256)
            if existing is None:
                raise
            return existing, True
        self._wake_workers()
        return document, False

    async def _commit(self, principal: Principal, document: Document, key: str | None) -> None:
        job = NewJob(
            kind=INGEST,
            tenant=principal.tenant,
            key=job_key(document.id),
            payload={"document_id": document.id, "owner": document.owner},
            max_attempts=self._max_attempts,
        )
        async with self._storage.transaction() as tx:
            await self._documents.add(tx, principal.tenant, document)
            blob = Blob(sha256=document.sha256, size=document.size)
            await self._blobs.reference(tx, principal.tenant, blob)
            if key is not None:
                receipt = Receipt(sha256=document.sha256, document_id=document.id)
                await self._documents.add_receipt(tx, principal, key, receipt)
            await self._jobs.enqueue(tx, job)

    async def _require_change(self, principal: Principal, document_id: str) -> Document:
        document = await self._documents.get(principal, document_id)
        if not principal.may_change(tenant=principal.tenant, owner=document.owner):
            raise DocumentNotFound(document_id, to_change=True)
        return document

    async def _release(self, tx: Transaction, tenant: str, document: Document, versions: list[Version]) -> int:
        used = [document.sha256, *(version.extraction for version in versions)]
        return sum([await self._blobs.release(tx, tenant, sha256) for sha256 in used])


def checked_readers(readers: Collection[str]) -> tuple[str, ...]:
    for reader in readers:
        if reader != TENANT_READER and not READER.fullmatch(reader):
            raise InvalidReader(reader)
    return tuple(sorted(set(readers)))
