"""The use cases of documents: take in, list, share, renew, stop, delete."""

import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection
from typing import Any

import msgspec
from opentelemetry import trace

from footnote.modules.ingestion.changes import Changes
from footnote.modules.ingestion.errors import (
    AdminsOnly,
    DocumentNotFound,
    InvalidReader,
    NothingToRetry,
    UnknownChunking,
)
from footnote.modules.ingestion.models import (
    DeletionReport,
    Document,
    DocumentChange,
    DocumentPage,
    Status,
)
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.ingestion.uploads import AGAIN, Given, Uploads
from footnote.platform.jobs import JobQueue
from footnote.platform.principal import TENANT_READER, Principal
from footnote.platform.storage import BlobStore

tracer = trace.get_tracer(__name__)

READER = re.compile(r"(user|group):\S{1,200}")


class IngestionService:
    def __init__(
        self,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        uploads: Uploads,
        changes: Changes,
        *,
        chunkings: Collection[str],
        wake_workers: Callable[[], None],
    ) -> None:
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._uploads = uploads
        self._changes = changes
        self._chunkings = chunkings
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
        return await self._changes.all_inside(principal.tenant, document.id)

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
        return await self._changes.describe(principal.tenant, document_id, change)

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
        return await self._changes.stop(principal.tenant, await self._require_change(principal, document_id))

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
        return DeletionReport(id=document_id, deleted=await self._changes.delete(principal.tenant, document_id))

    async def _again(
        self, principal: Principal, document_id: str, change: DocumentChange, *, reread: bool = False
    ) -> Document:
        await self._require_change(principal, document_id)
        document = await self._changes.renew(principal.tenant, document_id, change, reread=reread)
        self._wake_workers()
        return document

    async def _set_pause(self, principal: Principal, *, is_paused: bool) -> None:
        if not principal.is_admin:
            raise AdminsOnly
        await self._changes.pause_or_resume(principal.tenant, is_paused=is_paused)
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
