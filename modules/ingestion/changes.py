"""What changes documents that are there: each a transaction, repeated when it meets another."""

import msgspec
from loguru import logger

from footnote.modules.ingestion.arriving import ingest_job, job_key
from footnote.modules.ingestion.errors import NothingToCancel
from footnote.modules.ingestion.models import Deletion, Document, DocumentChange, card
from footnote.modules.ingestion.removing import AT_ONCE, DocumentRemover
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.retrieval import ChunkIndex
from footnote.platform.errors import Unavailable
from footnote.platform.jobs import JobQueue
from footnote.platform.storage import BlobStore, Storage, Transaction
from footnote.platform.storage.again import again_on_conflict


class Changes:
    """Whoever calls has made sure that they may."""

    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        index: ChunkIndex,
        remover: DocumentRemover,
        *,
        max_attempts: int,
    ) -> None:
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._index = index
        self._remover = remover
        self._max_attempts = max_attempts

    async def delete(self, tenant: str, document_id: str) -> Deletion:
        """
        Raises:
            DocumentNotFound: It was deleted meanwhile.
        """
        deletion = await self._remover.delete(tenant, document_id)
        await self._sweep()
        return deletion

    @again_on_conflict
    async def stop(self, tenant: str, document: Document) -> Document:
        """
        Raises:
            NothingToCancel: Nothing is under way.
        """
        async with self._storage.transaction() as tx:
            outcome = await self._jobs.cancel(tx, job_key(document.id))
            if outcome is None:
                raise NothingToCancel(document.id, document.status)
            if outcome == "cancelled":
                change = DocumentChange(status="cancelled", progress=None, error=None)
                return await self._documents.change(tx, tenant, document.id, change)
        return document

    @again_on_conflict
    async def renew(self, tenant: str, document_id: str, change: DocumentChange, *, reread: bool) -> Document:
        """Have it worked on again, as a revision of its plan."""
        async with self._storage.transaction() as tx:
            document = await self._documents.change(tx, tenant, document_id, change, renew=True, reread=reread)
            await self._jobs.enqueue(tx, ingest_job(tenant, document, self._max_attempts))
        return document

    async def describe(self, tenant: str, document_id: str, change: DocumentChange) -> Document:
        """In the index, too. Who reads a mail reads what is attached to it: what came in it gets its readers first."""
        while True:
            document = await self._describe_some(tenant, document_id, change)
            if document is not None:
                return document

    @again_on_conflict
    async def _describe_some(self, tenant: str, document_id: str, change: DocumentChange) -> Document | None:
        """The document, unless more came in it than one transaction should change."""
        async with self._storage.transaction() as tx:
            others = []
            if change.readers is not msgspec.UNSET:
                inside = await self._documents.inside(tx, tenant, document_id)
                others = [document.id for document in inside if document.readers != change.readers]
            for each in others[:AT_ONCE]:
                await self._describe_one(tx, tenant, each, DocumentChange(readers=change.readers))
            return None if len(others) > AT_ONCE else await self._describe_one(tx, tenant, document_id, change)

    async def _describe_one(self, tx: Transaction, tenant: str, document_id: str, change: DocumentChange) -> Document:
        document = await self._documents.change(tx, tenant, document_id, change)
        await self._index.describe(tx, card(tenant, document))
        return document

    @again_on_conflict
    async def all_inside(self, tenant: str, document_id: str) -> list[Document]:
        """The documents that came in this one, and in those."""
        async with self._storage.transaction() as tx:
            return await self._documents.inside(tx, tenant, document_id)

    async def _sweep(self) -> None:
        try:
            await self._blobs.sweep()
        except Unavailable as error:
            # The deletion is committed; what nobody references any more goes with the next sweep.
            logger.bind(detail=error.detail).warning("The bytes of a deleted document could not be swept yet")

    @again_on_conflict
    async def pause_or_resume(self, tenant: str, *, is_paused: bool) -> None:
        async with self._storage.transaction() as tx:
            await (self._jobs.pause if is_paused else self._jobs.resume)(tx, tenant)
