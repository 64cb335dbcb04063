"""From bytes to searchable chunks: the job that reads, cuts, embeds and publishes one document.

Each stage leaves a checkpoint, so a run that was cut off anywhere is taken up again without doing or storing twice.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from time import monotonic, perf_counter
from typing import Any

from opentelemetry import trace

from footnote.modules.ingestion.arriving import INGEST, ingest_job
from footnote.modules.ingestion.cutting import Cut, build_of
from footnote.modules.ingestion.errors import DocumentNotFound, UnknownChunking
from footnote.modules.ingestion.extracting import EXTRACTOR, Extracting, Superseded
from footnote.modules.ingestion.models import Document, DocumentChange, Plan, Progress, Version, card
from footnote.modules.ingestion.offloaded import Chunker, chunk_to, findable, read_groups
from footnote.modules.ingestion.plans import Plans
from footnote.modules.ingestion.progress import Pace, Reporter
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.ingestion.sandbox import Sandbox
from footnote.modules.retrieval import Build, Chunk, ChunkIndex
from footnote.platform.inference import Embedder
from footnote.platform.inference.with_tokens import Embedded, embed_with_tokens
from footnote.platform.jobs import Job, JobQueue
from footnote.platform.jobs.errors import LeaseLost
from footnote.platform.principal import Principal
from footnote.platform.storage import BlobStore, Storage, Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.scratch import Scratch
from footnote.platform.telemetry.metrics import document_ended, stage_ended

tracer = trace.get_tracer(__name__)

GROUP = 64  # chunks embedded and stored at once: the work that a crash can cost


class IngestHandler:
    kind = INGEST

    def __init__(
        self,
        storage: Storage,
        documents: DocumentRepository,
        blobs: BlobStore,
        jobs: JobQueue,
        index: ChunkIndex,
        extracting: Extracting,
        chunkers: Mapping[str, Chunker],
        embedder: Embedder,
        sandbox: Sandbox,
        scratch: Scratch,
        *,
        chunking: str,
        current: Callable[[], Awaitable[Embedder]] | None = None,
    ) -> None:
        """`chunking` names the one of the `chunkers` that cuts where a document does not say otherwise.

        `current` gives the embedder of a document, for the model may change while this runs; else `embedder` does.
        """
        self._storage = storage
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        self._index = index
        self._extracting = extracting
        self._chunkers = chunkers
        self._embedder = embedder
        self._current = current or self._only
        self._sandbox = sandbox
        self._scratch = scratch
        self._chunking = chunking
        self._pace = Pace()
        self._plans = Plans()

    @tracer.start_as_current_span("ingestion.ingest")
    async def run(self, job: Job) -> None:
        trace.get_current_span().set_attribute("footnote.document_id", job.payload["document_id"])
        try:
            while not await self._is_done(job):
                pass
        except DocumentNotFound:
            self._plans.end(job)
            await self._forget(job)
        except LeaseLost:
            self._plans.end(job)
            raise

    async def delayed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        self._plans.end(job)
        await self._end(tx, job, DocumentChange(status="queued", progress=None, error=error))

    async def failed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        await self._settle(tx, job, DocumentChange(status="failed", progress=None, error=error))

    async def cancelled(self, tx: Transaction, job: Job) -> None:
        await self._settle(tx, job, DocumentChange(status="cancelled", progress=None, error=None))

    async def _is_done(self, job: Job) -> bool:
        try:
            await self._ingest(job)
        except Superseded:
            return False
        return True

    async def _ingest(self, job: Job) -> None:
        """
        Raises:
            Superseded: The plan changed while this worked.
        """
        plan = await self._plan(job)
        self._plans.begin(job, plan)
        document = await self._documents.get(owner(job), job.payload["document_id"])
        reporter = Reporter(lambda progress: self._report(job, document.id, progress), self._pace, document.media_type)
        with stage("extract"):
            version = await self._version(job, document, plan, reporter)
        began = monotonic()
        async with self._chunked(job, document, version, reporter) as cut:
            build = build_of(job, document, version, cut)
            with stage("embed"):
                await self._embed(job, plan, build, document, cut, reporter)
        with stage("publish"):
            await reporter.enter("publishing")
            await self._publish(job, build, plan, version, cut)
        reporter.learn(monotonic() - began)

    @again_on_conflict
    async def _plan(self, job: Job) -> Plan:
        async with self._storage.transaction() as tx:
            return await self._documents.plan(tx, job.tenant, job.payload["document_id"])

    async def _version(self, job: Job, document: Document, plan: Plan, reporter: Reporter) -> Version:
        made = await self._documents.version_of(
            owner(job), document.id, document.sha256, EXTRACTOR, after=plan.stale_through
        )
        return made or await self._extracting.version(job, document, reporter)

    @asynccontextmanager
    async def _chunked(self, job: Job, document: Document, version: Version, reporter: Reporter) -> AsyncIterator[Cut]:
        chunker = self._chunker(document)
        async with self._scratch.folder() as folder:
            target = folder / "chunks"
            with stage("chunk"):
                await reporter.enter("chunking")
                async with self._blobs.held(job.tenant, version.extraction) as path:
                    try:
                        count = await self._sandbox.run(
                            job, chunk_to, target, path, chunker, document.title, GROUP, on_report=reporter.heard
                        )
                    finally:
                        await reporter.settle()
                trace.get_current_span().set_attribute("footnote.chunk_count", count)
            yield Cut(target, count, chunker, await self._current())

    def _chunker(self, document: Document) -> Chunker:
        name = document.chunking or self._chunking
        if name not in self._chunkers:  # chosen when another version of footnote ran, which had it
            raise UnknownChunking(name, list(self._chunkers))
        return self._chunkers[name]

    async def _only(self) -> Embedder:
        return self._embedder

    async def _embed(
        self, job: Job, plan: Plan, build: Build, document: Document, cut: Cut, reporter: Reporter
    ) -> None:
        written = await self._index.written(build)
        await reporter.enter("embedding", cut.count)
        done = 0
        for group in read_groups(cut.path):
            done += findable(group)
            if all((chunk.kind, chunk.start, chunk.end) in written for chunk in group):
                reporter.skip(findable(group))
                continue
            texts = [chunk.embedded_text(document.title) for chunk in group if chunk.kind != "parent"]
            embedded = await embed_with_tokens(cut.embedder, texts, kind="document")
            await self._store(job, plan, build, document, group, embedded, reporter.due(done, cut.count))

    @again_on_conflict
    async def _store(
        self,
        job: Job,
        plan: Plan,
        build: Build,
        document: Document,
        group: list[Chunk],
        embedded: Embedded,
        news: Progress | None,
    ) -> None:
        async with self._storage.transaction() as tx:
            # Whoever lost the lease must not add to a build that another has since published or removed.
            await self._hold(tx, job, plan)
            await self._index.write(tx, build, document.title, group, *embedded)
            if news is not None:
                await self._documents.change(tx, job.tenant, document.id, DocumentChange(progress=news))

    async def _publish(self, job: Job, build: Build, plan: Plan, version: Version, cut: Cut) -> None:
        document = await self._commit(job, build, plan, version, cut)
        self._plans.end(job)
        document_ended("ready", document.media_type)

    @again_on_conflict
    async def _commit(self, job: Job, build: Build, plan: Plan, version: Version, cut: Cut) -> Document:
        ready = DocumentChange(status="ready", progress=None, error=None, version=version.number, chunks=cut.count)
        async with self._storage.transaction() as tx:
            await self._hold(tx, job, plan)
            await self._jobs.complete(tx, job)
            document = await self._documents.change(tx, job.tenant, build.document_id, ready)
            await self._documents.record_chunking(tx, job.tenant, version, cut.chunker.signature)
            await self._index.publish(tx, build, card(job.tenant, document), job.fence)
        return document

    async def _hold(self, tx: Transaction, job: Job, plan: Plan) -> None:
        """Make sure that what is about to be written is still wanted.

        The plan is read and not written: where transactions run beside each other, it may be changed by one that
        commits a moment earlier. What is written then is part of a build that nobody publishes, for publishing writes
        to the document, as every change of its plan does, and one of the two begins again.

        Raises:
            LeaseLost: The job belongs to another worker.
            Superseded: The plan is another by now.
        """
        await self._jobs.hold(tx, job)
        if await self._documents.plan(tx, job.tenant, job.payload["document_id"]) != plan:
            raise Superseded

    @again_on_conflict
    async def _report(self, job: Job, document_id: str, progress: Progress) -> None:
        change = DocumentChange(status=progress.stage, progress=progress, error=None)
        async with self._storage.transaction() as tx:
            await self._jobs.hold(tx, job)
            await self._documents.change(tx, job.tenant, document_id, change)

    async def _settle(self, tx: Transaction, job: Job, change: DocumentChange) -> None:
        """End the document's way, unless something else has been asked for since the job was begun."""
        if await self._is_outdated(tx, job):
            document = await self._documents.current(tx, job.tenant, job.payload["document_id"])
            await self._jobs.enqueue(tx, ingest_job(job.tenant, document, job.max_attempts))
            change = DocumentChange(status="queued", progress=None, error=None)
        ended = await self._end(tx, job, change)
        is_first = self._plans.end(job)  # the transaction may be repeated
        if is_first and ended is not None and ended.status in ("failed", "cancelled"):
            document_ended(ended.status, ended.media_type)

    async def _end(self, tx: Transaction, job: Job, change: DocumentChange) -> Document | None:
        try:
            return await self._documents.change(tx, job.tenant, job.payload["document_id"], change)
        except DocumentNotFound:
            await self._index.remove(tx, job.tenant, job.payload["document_id"])
            return None

    async def _is_outdated(self, tx: Transaction, job: Job) -> bool:
        begun_for = self._plans.begun_for(job)
        try:
            plan = await self._documents.plan(tx, job.tenant, job.payload["document_id"])
        except DocumentNotFound:
            return False
        return begun_for is not None and plan != begun_for

    @again_on_conflict
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
