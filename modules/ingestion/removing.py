"""Removes a document and everything made of it, everywhere."""

from footnote.modules.ingestion.models import Deletion
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.retrieval import ChunkIndex
from footnote.platform.events import DocumentDeleted, EventBus
from footnote.platform.jobs import JobQueue
from footnote.platform.storage import BlobStore, Transaction

INGEST = "ingest"


class DocumentRemover:
    def __init__(
        self,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        index: ChunkIndex,
        events: EventBus,
    ) -> None:
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._index = index
        self._events = events

    async def remove(self, tx: Transaction, tenant: str, document_id: str) -> Deletion:
        """With the documents that came in it. The bytes that nobody uses any more go with the next sweep.

        Raises:
            DocumentNotFound: It was deleted meanwhile.
        """
        attachments = await self._documents.children(tx, tenant, document_id)
        deletions = [await self.remove(tx, tenant, attachment.id) for attachment in attachments]
        await self._jobs.cancel(tx, job_key(document_id))
        await self._jobs.erase(tx, job_key(document_id))
        document = await self._documents.current(tx, tenant, document_id)
        contents = await self._documents.contents(tx, tenant, document_id) | {document.sha256}
        versions = await self._documents.delete(tx, tenant, document_id)
        removed = await self._index.remove(tx, tenant, document_id)
        used = [*sorted(contents), *(version.extraction for version in versions)]
        freed = sum([await self._blobs.release(tx, tenant, sha256) for sha256 in used])
        effects = await self._events.publish(tx, DocumentDeleted(tenant=tenant, document_id=document_id))
        own = Deletion(
            attachments=len(attachments),
            versions=len(versions),
            builds=removed.builds,
            chunks=removed.chunks,
            blobs=freed,
            answers_redacted=effects.get("answers_redacted", 0),
        )
        return _together(own, *deletions)


def job_key(document_id: str) -> str:
    return f"{INGEST}:{document_id}"


def _together(*deletions: Deletion) -> Deletion:
    return Deletion(
        **{name: sum(getattr(deletion, name) for deletion in deletions) for name in Deletion.__struct_fields__}
    )
