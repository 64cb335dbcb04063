"""The first stage: a file's text and layout become a version, what is attached to it documents of their own."""

import asyncio
from pathlib import Path

import msgspec

from footnote.modules.ingestion.attachments import AttachmentKeeper, Changed, Kept
from footnote.modules.ingestion.copying import fill
from footnote.modules.ingestion.errors import NotTranscribed
from footnote.modules.ingestion.extraction import Options
from footnote.modules.ingestion.extraction.kinds import AUDIO
from footnote.modules.ingestion.models import Document, DocumentChange, Version
from footnote.modules.ingestion.offloaded import Extracted, extract_to, write_parts
from footnote.modules.ingestion.orders import OrderJudge, warnings_of
from footnote.modules.ingestion.progress import Reporter
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.ingestion.sandbox import Sandbox
from footnote.modules.ingestion.transcripts import extractions
from footnote.platform.inference.transcription import NotSetUp, Transcriber
from footnote.platform.jobs import Job, JobQueue
from footnote.platform.storage import Blob, BlobStore, StagedBlob, Storage, Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.errors import BlobVanished
from footnote.platform.storage.scratch import Scratch

TEXT = "extraction"  # the file of that, in a folder that is thrown away
EXTRACTOR = "footnote/2"  # raise it when extraction changes what it yields


class Superseded(Exception):
    """Something else was asked for meanwhile: what was being done is of no use."""


class Extracting:
    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        attachments: AttachmentKeeper,
        sandbox: Sandbox,
        transcriber: Transcriber,
        scratch: Scratch,
        options: Options,
        orders: OrderJudge | None = None,
    ) -> None:
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._attachments = attachments
        self._sandbox = sandbox
        self._transcriber = transcriber
        self._scratch = scratch
        self._options = options
        self._orders = orders

    async def version(self, job: Job, document: Document, reporter: Reporter) -> Version:
        """A new version of the document's present content, committed.

        Raises:
            Superseded: There is other content by now.
        """
        await reporter.enter("extracting")
        async with self._blobs.held(job.tenant, document.sha256) as path, self._scratch.folder() as folder:
            extracted = await self._warned(await self._extract(job, document, path, folder, reporter))
            kept = await self._attachments.keep(job.tenant, document, extracted.attachments)
            async with self._blobs.stage(job.tenant) as staged:
                await fill(staged, folder / TEXT)
                return await self._committed(job, document, extracted, kept, staged)

    async def _extract(self, job: Job, document: Document, path: Path, folder: Path, reporter: Reporter) -> Extracted:
        try:
            if document.media_type in AUDIO:
                return await self._transcribe(document.media_type, path, folder, reporter)
            return await self._read(job, document.media_type, path, folder, reporter)
        finally:
            await reporter.settle()

    async def _warned(self, extracted: Extracted) -> Extracted:
        warnings = await warnings_of(extracted.orders, self._orders)
        return msgspec.structs.replace(extracted, warnings=(*extracted.warnings, *warnings)) if warnings else extracted

    async def _read(self, job: Job, media_type: str, path: Path, folder: Path, reporter: Reporter) -> Extracted:
        inside = folder / "attachments"
        await asyncio.to_thread(inside.mkdir)
        return await self._sandbox.run(
            job, extract_to, folder / TEXT, path, media_type, self._options, inside, on_report=reporter.heard
        )

    async def _transcribe(self, media_type: str, path: Path, folder: Path, reporter: Reporter) -> Extracted:
        try:
            transcript = await self._transcriber.transcribe(path, media_type=media_type, on_progress=reporter.heard)
        except NotSetUp as error:
            raise NotTranscribed(error.detail) from error
        return await asyncio.to_thread(write_parts, folder / TEXT, extractions(transcript, media_type))

    async def _committed(
        self, job: Job, document: Document, extracted: Extracted, kept: Kept, staged: StagedBlob
    ) -> Version:
        for _ in range(2):
            blob = await staged.keep()
            try:
                return await self._commit_all(job, document, extracted, kept, blob)
            except BlobVanished:
                continue  # a sweep came between the bytes and the row; they are linked again
        raise BlobVanished(blob.sha256)

    async def _commit_all(self, job: Job, document: Document, extracted: Extracted, kept: Kept, blob: Blob) -> Version:
        """In one transaction, unless there are very many files inside: these are committed first then."""
        while True:
            version, changed = await self._commit(job, document, extracted, kept, blob)
            await self._attachments.follow_up(job.tenant, changed)
            if version is not None:
                return version

    @again_on_conflict
    async def _commit(
        self, job: Job, document: Document, extracted: Extracted, kept: Kept, blob: Blob
    ) -> tuple[Version | None, Changed]:
        async with self._storage.transaction() as tx:
            await self._jobs.hold(tx, job)
            current = await self._documents.current(tx, job.tenant, document.id)
            if current.sha256 != document.sha256:
                raise Superseded
            changed = await self._attachments.add(tx, job, current, kept)
            if not changed.is_all:
                await self._documents.change(tx, job.tenant, document.id, DocumentChange())
                return None, changed
            warnings = (*extracted.warnings, *kept.warnings, *changed.warnings)
            change = DocumentChange(pages=extracted.pages, language=extracted.language, warnings=warnings)
            await self._documents.change(tx, job.tenant, document.id, change)
            return await self._add_version(tx, job, document, extracted, blob), changed

    async def _add_version(
        self, tx: Transaction, job: Job, document: Document, extracted: Extracted, blob: Blob
    ) -> Version:
        version = Version(
            document_id=document.id,
            number=await self._documents.last_version(tx, job.tenant, document.id) + 1,
            content=document.sha256,
            extraction=blob.sha256,
            extractor=EXTRACTOR,
            media_type=document.media_type,
            pages=extracted.pages,
            characters=extracted.characters,
            language=extracted.language,
        )
        await self._blobs.reference(tx, job.tenant, blob)
        await self._documents.add_version(tx, job.tenant, version)
        return version
