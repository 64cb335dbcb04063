"""From bytes to searchable chunks: the job that reads, cuts, embeds and publishes one document.

Each stage leaves a checkpoint, so a run that was cut off anywhere is taken up again without doing or storing twice.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Literal, TypeVar, TypeVarTuple

from opentelemetry import trace

from footnote.modules.ingestion.errors import DocumentNotFound, ExtractionCrashed, ExtractionTimedOut
from footnote.modules.ingestion.models import Document, DocumentChange, Progress, Version, card
from footnote.modules.ingestion.offloaded import Chunker, PackedChunks, chunk_packed, extract_packed
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.retrieval import Build, ChunkIndex
from footnote.platform.inference import Embedder
from footnote.platform.jobs import Job, JobQueue
from footnote.platform.principal import Principal
from footnote.platform.processes import ProcessCrashed, ProcessPool, ProcessTimeout
from footnote.platform.storage import Blob, BlobStore, Storage, Transaction
from footnote.platform.storage.errors import BlobVanished
from footnote.platform.telemetry.metrics import document_ended, stage_ended

tracer = trace.get_tracer(__name__)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

INGEST = "ingest"
EXTRACTOR = "footnote/1"  # raise it when extraction changes what it yields
GROUP = 64  # chunks embedded and stored at once: the work that a crash can cost
CRASHES = 2  # of the extracting process, until the file is taken to be the cause


Ending = Literal["failed", "cancelled"]


class IngestHandler:
    kind = INGEST

    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        index: ChunkIndex,
        chunker: Chunker,
        embedder: Embedder,
        processes: ProcessPool,
        *,
        extract_timeout: float,
    ) -> None:
        """`extract_timeout` is in seconds, and bounds the chunking likewise."""
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._index = index
        self._chunker = chunker
        self._embedder = embedder
        self._processes = processes
        self._extract_timeout = extract_timeout

    @tracer.start_as_current_span("ingestion.ingest")
    async def run(self, job: Job) -> None:
        trace.get_current_span().set_attribute("footnote.document_id", job.payload["document_id"])
        try:
            document = await self._documents.get(owner(job), job.payload["document_id"])
            with stage("extract"):
                version = await self._extract(job, document)
            with stage("chunk"):
                chunks = await self._chunk(job, document, version)
            build = self._build(job, document, version)
            with stage("embed"):
                await self._embed(job, build, document, chunks)
            with stage("publish"):
                await self._publish(job, build, version, chunks.count)
            document_ended("ready", document.media_type)
        except DocumentNotFound:
            await self._forget(job)

    async def failed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        await self._end(tx, job, "failed", error)

    async def cancelled(self, tx: Transaction, job: Job) -> None:
        await self._end(tx, job, "cancelled", None)

    async def _extract(self, job: Job, document: Document) -> Version:
        made = await self._documents.version_of(owner(job), document.id, document.sha256, EXTRACTOR)
        if made is not None:
            return made
        await self._report(job, document.id, Progress(stage="extracting", done=0, total=1))
        path = await self._blobs.path(job.tenant, document.sha256)
        packed = await self._offloaded(job, extract_packed, path, document.media_type)
        async with self._blobs.stage(job.tenant) as staged:
            await staged.write(packed.blob)
            blob = await staged.keep()
            version = Version(
                document_id=document.id,
                number=await self._documents.last_version(job.tenant, document.id) + 1,
                content=document.sha256,
                extraction=blob.sha256,
                extractor=EXTRACTOR,
                media_type=document.media_type,
                pages=packed.pages,
                characters=packed.characters,
                language=packed.language,
            )
            try:
                await self._add_version(job, version, blob, packed.warnings)
            except BlobVanished:
                await staged.keep()
                await self._add_version(job, version, blob, packed.warnings)
        return version

    async def _add_version(self, job: Job, version: Version, blob: Blob, warnings: tuple[str, ...]) -> None:
        async with self._storage.transaction() as tx:
            await self._jobs.hold(tx, job)
            change = DocumentChange(pages=version.pages, language=version.language, warnings=warnings)
            await self._documents.change(tx, job.tenant, version.document_id, change)
            await self._blobs.reference(tx, job.tenant, blob)
            await self._documents.add_version(tx, job.tenant, version)

    async def _chunk(self, job: Job, document: Document, version: Version) -> PackedChunks:
        await self._report(job, document.id, Progress(stage="chunking", done=0, total=1))
        path = await self._blobs.path(job.tenant, version.extraction)
        chunks = await self._offloaded(job, chunk_packed, path, self._chunker, document.title, GROUP)
        trace.get_current_span().set_attribute("footnote.chunk_count", chunks.count)
        return chunks

    async def _offloaded(self, job: Job, function: Callable[[*Ts], T], *args: *Ts) -> T:
        try:
            return await self._processes.run(function, *args, timeout=self._extract_timeout)
        except ProcessTimeout:
            raise ExtractionTimedOut(self._extract_timeout) from None
        except MemoryError:
            raise ExtractionCrashed from None
        except ProcessCrashed:
            if job.attempts + 1 >= CRASHES:
                raise ExtractionCrashed from None
            raise

    def _build(self, job: Job, document: Document, version: Version) -> Build:
        parts = (document.id, version.number, version.extraction, self._chunker.signature, document.title)
        return Build(
            id=hashlib.sha256(repr((*parts, self._embedder.name)).encode()).hexdigest()[:32],
            tenant=job.tenant,
            document_id=document.id,
            version=version.number,
            embedding=self._embedder.name,
        )

    async def _embed(self, job: Job, build: Build, document: Document, chunks: PackedChunks) -> None:
        written = await self._index.written(build)
        for number, group in enumerate(chunks.unpacked()):
            progress = Progress(stage="embedding", done=number * GROUP, total=chunks.count)
            await self._report(job, document.id, progress)
            if all((chunk.kind, chunk.start, chunk.end) in written for chunk in group):
                continue
            texts = [chunk.embedded_text(document.title) for chunk in group]
            embeddings = await self._embedder.embed(texts, kind="document")
            async with self._storage.transaction() as tx:
                # Whoever lost the lease must not add to a build that another has since published or removed.
                await self._jobs.hold(tx, job)
                await self._index.write(tx, build, document.title, group, embeddings)

    async def _publish(self, job: Job, build: Build, version: Version, chunks: int) -> None:
        await self._report(job, build.document_id, Progress(stage="publishing", done=0, total=1))
        ready = DocumentChange(status="ready", progress=None, error=None, version=version.number, chunks=chunks)
        async with self._storage.transaction() as tx:
            await self._jobs.complete(tx, job)
            document = await self._documents.change(tx, job.tenant, build.document_id, ready)
            await self._index.publish(tx, build, card(job.tenant, document), job.fence)

    async def _report(self, job: Job, document_id: str, progress: Progress) -> None:
        change = DocumentChange(status=progress.stage, progress=progress)
        async with self._storage.transaction() as tx:
            await self._jobs.hold(tx, job)
            await self._documents.change(tx, job.tenant, document_id, change)

    async def _end(self, tx: Transaction, job: Job, status: Ending, error: dict[str, Any] | None) -> None:
        change = DocumentChange(status=status, progress=None, error=error)
        try:
            document = await self._documents.change(tx, job.tenant, job.payload["document_id"], change)
        except DocumentNotFound:
            await self._index.remove(tx, job.tenant, job.payload["document_id"])
        else:
            document_ended(status, document.media_type)

    async def _forget(self, job: Job) -> None:
        """The document was deleted under the job: what it wrote since must go too."""
        async with self._storage.transaction() as tx:
            await self._jobs.complete(tx, job)
            await self._index.remove(tx, job.tenant, job.payload["document_id"])


@contextmanager
def stage(name: str) -> Iterator[None]:
    """A span and a duration for one stage of one document."""
    begun = perf_counter()
    with tracer.start_as_current_span(f"ingestion.{name}"):
        yield
    stage_ended(name, perf_counter() - begun)


def owner(job: Job) -> Principal:
    """The job acts for whoever uploaded the document."""
    return Principal(tenant=job.tenant, subject=job.payload["owner"])


def job_key(document_id: str) -> str:
    return f"{INGEST}:{document_id}"
