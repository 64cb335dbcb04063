"""The use cases of documents: take in, list, share, renew, stop, delete."""

import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection
from typing import Any

import msgspec
from loguru import logger
from opentelemetry import trace

from footnote.modules.ingestion.arriving import ingest_job, job_key
from footnote.modules.ingestion.errors import (
    AdminsOnly,
    DocumentNotFound,
    InvalidReader,
    NothingToCancel,
    NothingToRetry,
    UnknownChunking,
)
from footnote.modules.ingestion.models import (
    DeletionReport,
    Document,
    DocumentChange,
    DocumentPage,
    Status,
    card,
)
from footnote.modules.ingestion.removing import DocumentRemover, Removed
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.ingestion.uploads import AGAIN, Given, Uploads
from footnote.modules.retrieval import ChunkIndex
from footnote.platform.errors import Unavailable
from footnote.platform.jobs import JobQueue
from footnote.platform.principal import TENANT_READER, Principal
from footnote.platform.storage import BlobStore, Storage, Transaction
from footnote.platform.storage.again import again_on_conflict

tracer = trace.get_tracer(__name__)

READER = re.compile(r"(user|group):\S{1,200}")


class IngestionService:
    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        index: ChunkIndex,
        uploads: Uploads,
        remover: DocumentRemover,
        *,
        chunkings: Collection[str],
        max_attempts: int,
        wake_workers: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._index = index
        self._uploads = uploads
        self._remover = remover
        self._chunkings = chunkings
        self._max_attempts = max_attempts
        self._wake_workers = wake_workers

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
        given = Given(
            filename=filename,
            title=title,
            readers=checked_readers(readers),
            metadata=metadata or {},
            chunking=chunking,
            priority=priority,
            source=source,
            idempotency_key=idempotency_key,
        )
        self._check_chunking(chunking)
        document, is_known = await self._uploads.take_in(principal, content, given)
        self._wake_workers()
        return document, is_known

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
        return await self._all_inside(principal.tenant, document.id)

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
        return await self._describe_all(principal.tenant, document_id, change)

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
        document = await self._uploads.replace(principal, before, content, filename)
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
        return await self._stop(principal.tenant, await self._require_change(principal, document_id))

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
        removed = await self._remove(principal.tenant, document_id)
        deletion = await self._remover.follow_up(principal.tenant, removed)
        await self._sweep()
        return DeletionReport(id=document_id, deleted=deletion)

    @again_on_conflict
    async def _remove(self, tenant: str, document_id: str) -> Removed:
        async with self._storage.transaction() as tx:
            return await self._remover.remove(tx, tenant, document_id)

    async def _sweep(self) -> None:
        try:
            await self._blobs.sweep()
        except Unavailable as error:
            # The deletion is committed; what nobody references any more goes with the next sweep.
            logger.bind(detail=error.detail).warning("The bytes of a deleted document could not be swept yet")

    @again_on_conflict
    async def _stop(self, tenant: str, document: Document) -> Document:
        async with self._storage.transaction() as tx:
            outcome = await self._jobs.cancel(tx, job_key(document.id))
            if outcome is None:
                raise NothingToCancel(document.id, document.status)
            if outcome == "cancelled":
                change = DocumentChange(status="cancelled", progress=None, error=None)
                return await self._documents.change(tx, tenant, document.id, change)
        return document

    async def _again(
        self, principal: Principal, document_id: str, change: DocumentChange, *, reread: bool = False
    ) -> Document:
        await self._require_change(principal, document_id)
        document = await self._renew(principal.tenant, document_id, change, reread=reread)
        self._wake_workers()
        return document

    @again_on_conflict
    async def _renew(self, tenant: str, document_id: str, change: DocumentChange, *, reread: bool) -> Document:
        async with self._storage.transaction() as tx:
            document = await self._documents.change(tx, tenant, document_id, change, renew=True, reread=reread)
            await self._jobs.enqueue(tx, ingest_job(tenant, document, self._max_attempts))
        return document

    @again_on_conflict
    async def _describe_all(self, tenant: str, document_id: str, change: DocumentChange) -> Document:
        async with self._storage.transaction() as tx:
            document = await self._describe(tx, tenant, document_id, change)
            if change.readers is not msgspec.UNSET:  # who reads a mail reads what is attached to it
                for inside in await self._inside(tx, tenant, document_id):
                    await self._describe(tx, tenant, inside.id, DocumentChange(readers=change.readers))
        return document

    async def _describe(self, tx: Transaction, tenant: str, document_id: str, change: DocumentChange) -> Document:
        document = await self._documents.change(tx, tenant, document_id, change)
        await self._index.describe(tx, card(tenant, document))
        return document

    @again_on_conflict
    async def _all_inside(self, tenant: str, document_id: str) -> list[Document]:
        async with self._storage.transaction() as tx:
            return await self._inside(tx, tenant, document_id)

    async def _inside(self, tx: Transaction, tenant: str, document_id: str) -> list[Document]:
        found = await self._documents.children(tx, tenant, document_id)
        deeper = [await self._inside(tx, tenant, document.id) for document in found]
        return [*found, *(document for documents in deeper for document in documents)]

    async def _set_pause(self, principal: Principal, *, is_paused: bool) -> None:
        if not principal.is_admin:
            raise AdminsOnly
        await self._pause_or_resume(principal.tenant, is_paused=is_paused)
        self._wake_workers()

    @again_on_conflict
    async def _pause_or_resume(self, tenant: str, *, is_paused: bool) -> None:
        async with self._storage.transaction() as tx:
            await (self._jobs.pause if is_paused else self._jobs.resume)(tx, tenant)

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
