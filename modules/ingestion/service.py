"""The use cases of documents: take in, list, share, renew, stop, delete."""

import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from loguru import logger
from opentelemetry import trace

from footnote.modules.ingestion.attachments import ingest_job
from footnote.modules.ingestion.errors import (
    AdminsOnly,
    DocumentNotFound,
    DuplicateDocument,
    IdempotencyKeyReused,
    InvalidReader,
    NothingToCancel,
    NothingToRetry,
    UnknownChunking,
    UnsupportedDocument,
    UploadTooLarge,
)
from footnote.modules.ingestion.limits import TenantLimits
from footnote.modules.ingestion.models import (
    DeletionReport,
    Document,
    DocumentChange,
    DocumentPage,
    Receipt,
    Status,
    card,
)
from footnote.modules.ingestion.removing import DocumentRemover, job_key
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.retrieval import ChunkIndex
from footnote.platform.clock import Clock, utc_now
from footnote.platform.errors import Unavailable
from footnote.platform.ids import new_id
from footnote.platform.jobs import JobQueue
from footnote.platform.principal import TENANT_READER, Principal
from footnote.platform.storage import Blob, BlobStore, StagedBlob, Storage, Transaction
from footnote.platform.storage.errors import BlobVanished

tracer = trace.get_tracer(__name__)

READER = re.compile(r"(user|group):\S{1,200}")
LONGEST_TITLE = 500
AGAIN = DocumentChange(status="queued", progress=None, error=None)

Sniff = Callable[[Path, str], Awaitable[str]]
Scan = Callable[[Path], Awaitable[None]]


class IngestionService:
    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        index: ChunkIndex,
        remover: DocumentRemover,
        *,
        sniff: Sniff,
        scan: Scan,
        supported: Collection[str],
        chunkings: Collection[str],
        max_upload_bytes: int,
        max_attempts: int,
        limits: TenantLimits,
        wake_workers: Callable[[], None],
        clock: Clock = utc_now,
    ) -> None:
        """`sniff` tells the media type of a file by its content; both it and `scan` raise what is wrong with it."""
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._index = index
        self._remover = remover
        self._sniff = sniff
        self._scan = scan
        self._supported = supported
        self._chunkings = chunkings
        self._max_upload_bytes = max_upload_bytes
        self._max_attempts = max_attempts
        self._limits = limits
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
        chunking: str | None = None,
        priority: int = 0,
        source: str | None = None,
        idempotency_key: str | None = None,
    ) -> tuple[Document, bool]:
        """As the port says; an `idempotency_key` makes a repeated upload give the first one's outcome again.

        `source` is the path that the document is to be kept in step with.

        Raises:
            IdempotencyKeyReused: The owner used the key for other bytes.
            UnknownChunking: There is no such chunker.
            TooManyWaiting: So many documents of the tenant are under way that it must wait.
            QuotaReached: The tenant has as many documents, or bytes, as it may.
        """
        allowed = checked_readers(readers)
        self._check_chunking(chunking)
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
                chunking=chunking,
                priority=priority,
            )
            return await self._add(principal, document, blob, staged, idempotency_key, source)

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
        parent_id: str | None = None,
    ) -> DocumentPage:
        return await self._documents.page(
            principal, status=status, query=query, cursor=cursor, limit=limit, parent_id=parent_id
        )

    async def children(self, principal: Principal, document_id: str) -> list[Document]:
        """The documents that came in this one, and in those."""
        document = await self._documents.get(principal, document_id)
        async with self._storage.transaction() as tx:
            return await self._inside(tx, principal.tenant, document.id)

    async def from_source(self, principal: Principal, source: str) -> Document | None:
        """The document that is kept in step with this path."""
        return await self._documents.by_source(principal, source)

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
            document = await self._describe(tx, principal.tenant, document_id, change)
            if change.readers is not msgspec.UNSET:  # who reads a mail reads what is attached to it
                for inside in await self._inside(tx, principal.tenant, document_id):
                    await self._describe(tx, principal.tenant, inside.id, DocumentChange(readers=change.readers))
        return document

    @tracer.start_as_current_span("ingestion.replace")
    async def replace(
        self, principal: Principal, document_id: str, content: AsyncIterable[bytes], *, filename: str
    ) -> Document:
        """Take in new bytes as a new version; the old one is searched and cited until the new one is ready.

        The same bytes change nothing.

        Raises:
            DocumentNotFound: There is none that `principal` may change.
            DuplicateDocument: The owner has another document with these bytes.
            UploadTooLarge, UnsupportedDocument, QuotaReached: as for an upload.
        """
        before = await self._require_change(principal, document_id)
        async with self._blobs.stage(principal.tenant) as staged:
            await self._receive(content, staged, filename)
            media_type = await self._media_type(staged, filename)
            blob = await staged.keep()
            if blob.sha256 == before.sha256:
                return before
            change = msgspec.structs.replace(
                AGAIN, sha256=blob.sha256, size=blob.size, media_type=media_type, filename=filename
            )
            try:
                document = await self._swap(principal, document_id, change, blob)
            except BlobVanished:
                document = await self._swap(principal, document_id, change, await staged.keep())
        self._wake_workers()
        return document

    @tracer.start_as_current_span("ingestion.reindex")
    async def reindex(
        self, principal: Principal, document_id: str, *, chunking: str | None = None, extract: bool = False
    ) -> Document:
        """Cut and embed again, by `chunking` from now on if given; with `extract`, read the file again, too.

        What is published stays until the new build replaces it.

        Raises:
            DocumentNotFound: There is none that `principal` may change.
            UnknownChunking: There is no such chunker.
        """
        self._check_chunking(chunking)
        change = AGAIN if chunking is None else msgspec.structs.replace(AGAIN, chunking=chunking)
        return await self._again(principal, document_id, change, reread=extract)

    @tracer.start_as_current_span("ingestion.retry")
    async def retry(self, principal: Principal, document_id: str) -> Document:
        """Try a document again that failed or was cancelled.

        Raises:
            DocumentNotFound: There is none that `principal` may change.
            NothingToRetry: It is in another state.
        """
        document = await self._require_change(principal, document_id)
        if document.status not in ("failed", "cancelled"):
            raise NothingToRetry(document_id, document.status)
        return await self._again(principal, document_id, AGAIN)

    @tracer.start_as_current_span("ingestion.cancel")
    async def cancel(self, principal: Principal, document_id: str) -> Document:
        """Stop working on a document, at once or in a moment; what is published of it stays.

        Raises:
            DocumentNotFound: There is none that `principal` may change.
            NothingToCancel: Nothing is under way.
        """
        document = await self._require_change(principal, document_id)
        async with self._storage.transaction() as tx:
            outcome = await self._jobs.cancel(tx, job_key(document_id))
            if outcome is None:
                raise NothingToCancel(document_id, document.status)
            if outcome == "cancelled":
                change = DocumentChange(status="cancelled", progress=None, error=None)
                document = await self._documents.change(tx, principal.tenant, document_id, change)
        return document

    async def pause(self, principal: Principal) -> None:
        """Begin no more of the tenant's documents until `resume`.

        Raises:
            AdminsOnly: `principal` is no admin.
        """
        await self._set_pause(principal, is_paused=True)

    async def resume(self, principal: Principal) -> None:
        await self._set_pause(principal, is_paused=False)

    async def is_paused(self, principal: Principal) -> bool:
        return await self._jobs.is_paused(principal.tenant)

    @tracer.start_as_current_span("ingestion.delete")
    async def delete(self, principal: Principal, document_id: str) -> DeletionReport:
        """Remove the document and everything made of it, everywhere.

        Raises:
            DocumentNotFound: There is none that `principal` may change.
        """
        await self._require_change(principal, document_id)
        async with self._storage.transaction() as tx:
            deletion = await self._remover.remove(tx, principal.tenant, document_id)
        await self._sweep()
        return DeletionReport(id=document_id, deleted=deletion)

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
        await self._scan(await staged.path())
        return media_type

    async def _add(
        self,
        principal: Principal,
        document: Document,
        blob: Blob,
        staged: StagedBlob,
        key: str | None,
        source: str | None,
    ) -> tuple[Document, bool]:
        if key is not None and (earlier := await self._documents.receipt(principal, key)):
            if earlier.sha256 != document.sha256:
                raise IdempotencyKeyReused(key)
            return await self._documents.get(principal, earlier.document_id), False
        if existing := await self._documents.same_bytes(principal, document.sha256):
            return existing, True
        try:
            await self._commit(principal, document, blob, key, source)
        except BlobVanished:
            await self._commit(principal, document, await staged.keep(), key, source)
        except DuplicateDocument:
            # Somebody else's upload of the same bytes was committed between the look and the insertion.
            existing = await self._documents.same_bytes(principal, document.sha256)
            if existing is None:
                raise
            return existing, True
        self._wake_workers()
        return document, False

    async def _commit(
        self, principal: Principal, document: Document, blob: Blob, key: str | None, source: str | None
    ) -> None:
        async with self._storage.transaction() as tx:
            await self._require_room(tx, principal.tenant, document.size)
            await self._documents.add(tx, principal.tenant, document, source=source)
            await self._blobs.reference(tx, principal.tenant, blob)
            if key is not None:
                receipt = Receipt(sha256=document.sha256, document_id=document.id)
                await self._documents.add_receipt(tx, principal, key, receipt)
            await self._jobs.enqueue(tx, ingest_job(principal.tenant, document, self._max_attempts))

    async def _require_room(self, tx: Transaction, tenant: str, size: int, *, is_new: bool = True) -> None:
        if self._limits != TenantLimits():  # else nobody needs to count
            self._limits.check(await self._documents.usage(tx, tenant), size, is_new=is_new)

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

    async def _again(
        self, principal: Principal, document_id: str, change: DocumentChange, *, reread: bool = False
    ) -> Document:
        await self._require_change(principal, document_id)
        async with self._storage.transaction() as tx:
            document = await self._documents.change(
                tx, principal.tenant, document_id, change, renew=True, reread=reread
            )
            await self._jobs.enqueue(tx, ingest_job(principal.tenant, document, self._max_attempts))
        self._wake_workers()
        return document

    async def _describe(self, tx: Transaction, tenant: str, document_id: str, change: DocumentChange) -> Document:
        document = await self._documents.change(tx, tenant, document_id, change)
        await self._index.describe(tx, card(tenant, document))
        return document

    async def _inside(self, tx: Transaction, tenant: str, document_id: str) -> list[Document]:
        found = await self._documents.children(tx, tenant, document_id)
        deeper = [await self._inside(tx, tenant, document.id) for document in found]
        return [*found, *(document for documents in deeper for document in documents)]

    async def _set_pause(self, principal: Principal, *, is_paused: bool) -> None:
        if not principal.is_admin:
            raise AdminsOnly
        async with self._storage.transaction() as tx:
            await (self._jobs.pause if is_paused else self._jobs.resume)(tx, principal.tenant)
        self._wake_workers()

    def _check_chunking(self, name: str | None) -> None:
        if name is not None and name not in self._chunkings:
            raise UnknownChunking(name, sorted(self._chunkings))

    async def _require_change(self, principal: Principal, document_id: str) -> Document:
        document = await self._documents.get(principal, document_id)
        if not principal.may_change(tenant=principal.tenant, owner=document.owner):
            raise DocumentNotFound(document_id, to_change=True)
        return document


def checked_readers(readers: Collection[str]) -> tuple[str, ...]:
    for reader in readers:
        if reader != TENANT_READER and not READER.fullmatch(reader):
            raise InvalidReader(reader)
    return tuple(sorted(set(readers)))
