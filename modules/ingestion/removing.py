"""Removes a document and everything made of it, everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from loguru import logger

from footnote.modules.ingestion.arriving import job_key
from footnote.modules.ingestion.models import Deletion
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.retrieval import ChunkIndex
from footnote.platform.errors import Unavailable
from footnote.platform.events import DocumentDeleted, EventBus
from footnote.platform.jobs import JobQueue
from footnote.platform.storage import BlobStore, Storage, Transaction
from footnote.platform.storage.again import again_on_conflict

# Documents that come, change or go in one transaction. Until it ends nobody sees later news, and MongoDB ends it after
# a minute.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Removed:
    document_ids: tuple[str, ...]  # what came in a document before that
    deletion: Deletion


class DocumentRemover:
    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        index: ChunkIndex,
        events: EventBus,
    ) -> None:
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._index = index
        self._events = events

    async def delete(self, tenant: str, document_id: str) -> Deletion:
        """With the documents that came in it, these first; where there are many, in several transactions.

        Raises:
            DocumentNotFound: It was deleted meanwhile.
        """
        parts = list[Removed]()
        while not parts or document_id not in parts[-1].document_ids:
            removed = await self._remove_some(tenant, document_id)
            parts.append(Removed(removed.document_ids, await self.follow_up(tenant, removed)))
        return _together(parts).deletion

    @again_on_conflict
    async def _remove_some(self, tenant: str, document_id: str) -> Removed:
        async with self._storage.transaction() as tx:
            return await self.remove(tx, tenant, document_id, AT_ONCE)

    async def remove(self, tx: Transaction, tenant: str, document_id: str, most: int) -> Removed:
        """At most so many of it and the documents that came in it. Call `follow_up` after the commit.

        Raises:
            DocumentNotFound: It was deleted meanwhile.
        """
        inside = [document.id for document in await self._documents.inside(tx, tenant, document_id)]
        deepest_first = [*reversed(inside), document_id]
        return _together([await self._remove_one(tx, tenant, each) for each in deepest_first[:most]])

    async def _remove_one(self, tx: Transaction, tenant: str, document_id: str) -> Removed:
        """The bytes that nobody uses any more go with the next sweep."""
        await self._jobs.cancel(tx, job_key(document_id))
        await self._jobs.erase(tx, job_key(document_id))
        document = await self._documents.current(tx, tenant, document_id)
        contents = await self._documents.contents(tx, tenant, document_id) | {document.sha256}
        versions = await self._documents.delete(tx, tenant, document_id)
        removed = await self._index.remove(tx, tenant, document_id)
        used = [*sorted(contents), *(version.extraction for version in versions)]
        freed = sum([await self._blobs.release(tx, tenant, sha256) for sha256 in used])
        deletion = Deletion(
            attachments=0,
            versions=len(versions),
            builds=removed.builds,
            chunks=removed.chunks,
            blobs=freed,
            answers_redacted=await self._redact(tx, tenant, document_id),
        )
        return Removed((document_id,), deletion)

    async def follow_up(self, tenant: str, removed: Removed) -> Deletion:
        """What was removed, once that is committed, and what was stored of it while it was being removed.

        A transaction neither sees nor is seen by those that run beside it: an answer that was committed after the
        deletion began is not among those that it redacted, and may have been looked at before the deletion ended.
        """
        try:
            late = await self._redact_all(tenant, removed.document_ids)
        except Unavailable as error:
            # Whoever reads such an answer does not see it in full: it is checked against its documents every time.
            logger.bind(detail=error.detail).warning("Answers stored during a deletion could not be redacted")
            return removed.deletion
        return msgspec.structs.replace(removed.deletion, answers_redacted=removed.deletion.answers_redacted + late)

    @again_on_conflict
    async def _redact_all(self, tenant: str, document_ids: tuple[str, ...]) -> int:
        async with self._storage.transaction() as tx:
            return sum([await self._redact(tx, tenant, document_id) for document_id in document_ids])

    async def _redact(self, tx: Transaction, tenant: str, document_id: str) -> int:
        effects = await self._events.publish(tx, DocumentDeleted(tenant=tenant, document_id=document_id))
        return effects.get("answers_redacted", 0)


def _together(parts: Sequence[Removed]) -> Removed:
    document_ids = tuple(each for part in parts for each in part.document_ids)
    counts = {name: sum(getattr(part.deletion, name) for part in parts) for name in Deletion.__struct_fields__}
    return Removed(document_ids, Deletion(**{**counts, "attachments": len(document_ids) - 1}))
