"""Files inside a file become documents of their own, with the readers and the owner of what they came in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import msgspec

from footnote.modules.ingestion.arriving import ingest_job, new_document
from footnote.modules.ingestion.copying import fill
from footnote.modules.ingestion.errors import QuotaReached
from footnote.modules.ingestion.limits import TenantLimits
from footnote.modules.ingestion.models import Attachment, Document, Usage
from footnote.modules.ingestion.removing import AT_ONCE, DocumentRemover, Removed
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.ingestion.uploads import Scan, Sniff
from footnote.platform.clock import Clock, utc_now
from footnote.platform.errors import FootnoteError, Unavailable
from footnote.platform.jobs import Job, JobQueue
from footnote.platform.storage import Blob, BlobStore, Transaction

DEEPEST = 4  # an archive in an archive in a mail in an archive
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Kept:
    """Attachments whose bytes are durable, and what is to be said of the others."""

    documents: tuple[Document, ...] = ()
    blobs: Mapping[str, Blob] = field(default_factory=dict)  # by SHA-256
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a document's attachments in one transaction."""

    removed: tuple[Removed, ...] = ()
    warnings: tuple[str, ...] = ()
    is_all: bool = True  # else there is more to change than one transaction should


class AttachmentKeeper:
    def __init__(
        self,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        remover: DocumentRemover,
        *,
        sniff: Sniff,
        scan: Scan,
        supported: Collection[str],
        limits: TenantLimits,
        tenant_limits: TenantLimits,
        clock: Clock = utc_now,
    ) -> None:
        """`sniff` tells a file's media type; `scan` raises what makes it dangerous.

        `limits` hold for all that comes in one upload, however deeply: archives in archives multiply.
        """
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._remover = remover
        self._sniff = sniff
        self._scan = scan
        self._supported = supported
        self._limits = limits
        self._tenant_limits = tenant_limits
        self._clock = clock

    async def keep(self, tenant: str, parent: Document, attachments: Sequence[Attachment]) -> Kept:
        if attachments and parent.depth >= DEEPEST:
            return Kept(warnings=(f"{len(attachments)} files inside were left: they are packed too deeply.",))
        kept, blobs, warnings = list[Document](), dict[str, Blob](), list[str]()
        for attachment in attachments:
            try:
                document = await self._kept(tenant, parent, attachment, blobs)
            except FootnoteError as error:
                if isinstance(error, Unavailable):
                    raise
                warnings.append(f"{attachment.name} was left: {error.detail}")
            else:
                kept += [document] if document else []
                warnings += [] if document else [f"{attachment.name} was left: nothing here reads its kind of file."]
        return Kept(tuple(kept), blobs, tuple(warnings))

    async def add(self, tx: Transaction, job: Job, parent: Document, kept: Kept) -> Changed:
        """Add those that `parent`, as it is now, does not have, and remove those that its content no longer has.

        If that is not all, call it again in another transaction. The caller changes `parent` in the same one, so that
        it conflicts with a deletion of it.
        """
        present = {document.sha256: document for document in await self._documents.children(tx, job.tenant, parent.id)}
        wanted = {document.sha256: document for document in kept.documents}
        removed, room = await self._remove(
            tx, job.tenant, [present[each].id for each in present.keys() - wanted.keys()]
        )
        if not room:
            return Changed(removed, is_all=False)
        new = [document for sha256, document in wanted.items() if sha256 not in present]
        added, left = await self._add_some(tx, job, parent, new, kept.blobs, room) if new else (0, 0)
        if added + left < len(new):
            return Changed(removed, is_all=False)
        why = f"{left} files inside were left: as many came in this upload, or belong to its tenant, as may."
        return Changed(removed, (why,) if left else ())

    async def _remove(self, tx: Transaction, tenant: str, document_ids: list[str]) -> tuple[tuple[Removed, ...], int]:
        """And how many more may be changed in the same transaction."""
        removed, room = list[Removed](), AT_ONCE
        for document_id in document_ids:
            if room:
                removed.append(await self._remover.remove(tx, tenant, document_id, room))
                room -= len(removed[-1].document_ids)
        return tuple(removed), room

    async def follow_up(self, tenant: str, changed: Changed) -> None:
        """Once that is committed."""
        for removed in changed.removed:
            await self._remover.follow_up(tenant, removed)

    async def _add_some(
        self,
        tx: Transaction,
        job: Job,
        parent: Document,
        documents: Sequence[Document],
        blobs: Mapping[str, Blob],
        most: int,
    ) -> tuple[int, int]:
        """How many were added, and how many of those before the last one found no room."""
        family = await self._documents.family(tx, job.tenant, parent.id)
        tenant = await self._usage(tx, job.tenant)
        added = left = 0
        for document in documents:
            if added == most:
                break
            try:
                self._limits.check(family, document.size)
                self._tenant_limits.check(tenant, document.size)
            except QuotaReached:
                left += 1
                continue
            # The parent may have been shared with others, or with fewer, while it was read.
            shared = msgspec.structs.replace(document, readers=parent.readers)
            await self._add(tx, job, shared, blobs[document.sha256])
            family, tenant = grown(family, document.size), grown(tenant, document.size)
            added += 1
        return added, left

    async def _kept(
        self, tenant: str, parent: Document, attachment: Attachment, blobs: dict[str, Blob]
    ) -> Document | None:
        async with self._blobs.stage(tenant) as staged:
            await fill(staged, Path(attachment.path))
            path = await staged.path()
            media_type = await self._sniff(path, attachment.name)
            if media_type not in self._supported:
                return None
            await self._scan(path)
            blob = await staged.keep()
            blobs[blob.sha256] = blob
            return self._document(parent, attachment.name, media_type, blob)

    def _document(self, parent: Document, name: str, media_type: str, blob: Blob) -> Document:
        return new_document(
            blob,
            owner=parent.owner,
            title=PurePosixPath(name).stem or name,
            filename=PurePosixPath(name).name[-LONGEST_NAME:],
            media_type=media_type,
            readers=parent.readers,
            metadata=parent.metadata,
            chunking=parent.chunking,
            priority=parent.priority - 1,  # a mail of a thousand files must not hold back what is uploaded after it
            now=self._clock(),
            parent=parent,
        )

    async def _usage(self, tx: Transaction, tenant: str) -> Usage:
        if self._tenant_limits == TenantLimits():  # nobody needs to count, or to take turns
            return Usage(documents=0, size=0, waiting=0)
        return await self._documents.usage(tx, tenant)

    async def _add(self, tx: Transaction, job: Job, document: Document, blob: Blob) -> None:
        await self._documents.add(tx, job.tenant, document)
        await self._blobs.reference(tx, job.tenant, blob)
        await self._jobs.enqueue(tx, ingest_job(job.tenant, document, job.max_attempts))


def grown(usage: Usage, size: int) -> Usage:
    return msgspec.structs.replace(usage, documents=usage.documents + 1, size=usage.size + size)
