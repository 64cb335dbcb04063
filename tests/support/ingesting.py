"""Ingestion on a store of its own, with an embedder of few dimensions and extraction in a thread."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
from support.chunked import LetterSentences
from support.plans import unchecked
from support.stores import Store

from footnote.config.ingestion import IngestionParts, build_handler, build_service
from footnote.config.settings import load_settings
from footnote.modules.ingestion import Document
from footnote.modules.ingestion.pipeline import IngestHandler
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.ingestion.service import IngestionService
from footnote.modules.ingestion.texts import ExtractionStore
from footnote.modules.retrieval.repository import IndexRepository
from footnote.platform.events import EventBus
from footnote.platform.inference import Embeddings
from footnote.platform.inference.transcription import UntranscribedRecordings
from footnote.platform.jobs import Job, JobQueue
from footnote.platform.principal import Principal
from footnote.platform.storage import BlobStore, Storage
from footnote.platform.storage.folder import FolderBlobs
from footnote.platform.storage.gridfs import GridCopies
from footnote.platform.storage.remote import RemoteBlobs
from footnote.platform.storage.scratch import Scratch

LEASE = timedelta(seconds=30)
ROOM = 100 << 20  # bytes


@dataclass
class FlatEmbedder:
    """Every text has the same embedding; `before` is called first."""

    name: str = "test:flat"
    dimension: int = 2
    max_tokens: int = 256
    before: Callable[[], Any] = field(default=lambda: None)

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        if waiting := self.before():
            await waiting
        return np.full((len(texts), 2), np.sqrt(0.5), np.float32)


class Threads:
    """Runs at once what a process pool would run in a child."""

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float, on_report: Any = None) -> Any:  # noqa: ASYNC109
        return await asyncio.to_thread(function, *args)


@dataclass(frozen=True, kw_only=True)
class Slice:
    store: Store
    folder: Path
    blobs: BlobStore
    documents: DocumentRepository
    jobs: JobQueue
    index: IndexRepository
    events: EventBus
    embedder: FlatEmbedder
    extractions: ExtractionStore
    service: IngestionService
    handler: IngestHandler

    @property
    def storage(self) -> Storage:
        return self.store.storage

    @property
    def database(self) -> Any:
        """As the store's own adapter has it."""
        return self.store.database

    async def upload(
        self, principal: Principal, content: bytes = b"Words.", filename: str = "a.txt", **fields: Any
    ) -> Document:
        document, _ = await self.service.upload(principal, in_one(content), filename=filename, **fields)
        return document

    async def replace(self, principal: Principal, document_id: str, content: bytes, filename: str = "a.txt") -> None:
        await self.service.replace(principal, document_id, in_one(content), filename=filename)

    async def claim(self, worker: str = "one", lease: timedelta = LEASE) -> Job:
        job = await self.jobs.claim(worker, [self.handler.kind], lease)
        assert job is not None
        return job

    async def work(self) -> None:
        await self.handler.run(await self.claim())

    async def work_off(self) -> None:
        while (await self.jobs.depth()).get("queued"):
            await self.work()

    async def files(self) -> int:
        """How many there are of originals and extractions."""
        if self.store.name == "mongodb":
            return await self.rows("copy.files")
        return len([path for path in (self.folder / "blobs").rglob("*") if path.is_file()])

    async def rows(self, table: str) -> int:
        return len(await self.values(table))

    async def values(self, table: str, *fields: str) -> list[Any]:
        """The fields of all rows, in their order; of a single field, bare."""
        with unchecked():
            rows = await rows_of(self.store, table, fields)
        return sorted(row[0] if len(fields) == 1 else row for row in rows)


async def rows_of(store: Store, table: str, fields: Sequence[str]) -> list[tuple[Any, ...]]:
    if store.name == "mongodb":
        return [tuple(row.get(field) for field in fields) for row in await store.database.collection(table).find({})]
    statement = f"SELECT {', '.join(fields) or 0} FROM {table}"
    rows: list[Any] = await store.database.read(lambda connection: connection.execute(statement).fetchall())
    return [tuple(row) for row in rows]


async def in_one(content: bytes) -> AsyncIterator[bytes]:
    yield content


def blobs_of(store: Store, folder: Path) -> BlobStore:
    """As the store keeps them where the settings do not say otherwise."""
    if store.name == "sqlite":
        return FolderBlobs(folder / "blobs", store.storage, store.ledger())
    return RemoteBlobs(GridCopies(store.database), store.storage, store.ledger(), folder / "cache", cached_bytes=ROOM)


def ingestion_on(store: Store, folder: Path, **settings: Any) -> Slice:
    blobs, documents, jobs, events = blobs_of(store, folder), store.documents(), store.jobs(), EventBus()
    embedder, extractions = FlatEmbedder(), ExtractionStore(blobs)
    index = store.index(embedding=embedder.name, dimension=embedder.dimension)
    parts = IngestionParts(
        storage=store.storage,
        documents=documents,
        blobs=blobs,
        jobs=jobs,
        index=index,
        events=events,
        embedder=embedder,
        sentences=LetterSentences(),
        extracting=Threads(),  # type: ignore[arg-type]
        scratch=Scratch(folder / "scratch"),
        transcriber=UntranscribedRecordings(),
    )
    chosen = load_settings({}, flags={"max_upload_bytes": 10_000, "job_max_attempts": 3, **settings}).settings
    return Slice(
        store=store,
        folder=folder,
        blobs=blobs,
        documents=documents,
        jobs=jobs,
        index=index,
        events=events,
        embedder=embedder,
        extractions=extractions,
        service=build_service(chosen, parts, lambda: None),
        handler=build_handler(chosen, parts),
    )
