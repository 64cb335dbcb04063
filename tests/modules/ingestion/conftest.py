"""The slice on a store of its own, with an embedder of few dimensions and extraction in a thread."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from support.chunked import LetterSentences

from footnote.config.ingestion import IngestionParts, build_handler, build_service
from footnote.config.settings import load_settings
from footnote.modules.ingestion import Document
from footnote.modules.ingestion.pipeline import IngestHandler
from footnote.modules.ingestion.repository.schema import MIGRATIONS as INGESTION
from footnote.modules.ingestion.repository.sqlite import SqliteDocumentRepository
from footnote.modules.ingestion.service import IngestionService
from footnote.modules.ingestion.texts import ExtractionStore
from footnote.modules.retrieval.repository.schema import MIGRATIONS as RETRIEVAL
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.platform.events import EventBus
from footnote.platform.inference import Embeddings
from footnote.platform.inference.transcription import UntranscribedRecordings
from footnote.platform.jobs import Job
from footnote.platform.jobs.schema import MIGRATIONS as JOBS
from footnote.platform.jobs.sqlite import SqliteJobQueue
from footnote.platform.principal import Principal
from footnote.platform.storage.folder import FolderBlobs
from footnote.platform.storage.ledger import SqliteBlobLedger
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.schema import MIGRATIONS as STORAGE
from footnote.platform.storage.scratch import Scratch
from footnote.platform.storage.sqlite import SqliteDatabase

SCHEMA = {"storage": STORAGE, "jobs": JOBS, "retrieval": RETRIEVAL, "ingestion": INGESTION}
LEASE = timedelta(seconds=30)


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


@dataclass(frozen=True)
class Slice:
    database: SqliteDatabase
    blobs: FolderBlobs
    documents: SqliteDocumentRepository
    jobs: SqliteJobQueue
    index: SqliteIndex
    embedder: FlatEmbedder
    extractions: ExtractionStore
    service: IngestionService
    handler: IngestHandler

    async def upload(
        self, principal: Principal, content: bytes = b"Words.", filename: str = "a.txt", **fields: Any
    ) -> Document:
        document, _ = await self.service.upload(principal, in_one(content), filename=filename, **fields)
        return document

    async def claim(self, worker: str = "one", lease: timedelta = LEASE) -> Job:
        job = await self.jobs.claim(worker, [self.handler.kind], lease)
        assert job is not None
        return job

    async def work(self) -> None:
        await self.handler.run(await self.claim())

    async def rows(self, table: str) -> int:
        return await self.database.read(
            lambda connection: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        )


async def in_one(content: bytes) -> AsyncIterator[bytes]:
    yield content


@pytest.fixture
async def ingestion(database: SqliteDatabase, tmp_path: Path) -> Slice:
    await migrate(database, SCHEMA)
    blobs = FolderBlobs(tmp_path / "blobs", database, SqliteBlobLedger(database))
    documents, jobs = SqliteDocumentRepository(database), SqliteJobQueue(database)
    embedder, extractions = FlatEmbedder(), ExtractionStore(blobs)
    index = SqliteIndex(database, embedding=embedder.name, dimension=embedder.dimension)
    parts = IngestionParts(
        storage=database,
        documents=documents,
        blobs=blobs,
        jobs=jobs,
        index=index,
        events=EventBus(),
        embedder=embedder,
        sentences=LetterSentences(),
        extracting=Threads(),  # type: ignore[arg-type]
        scratch=Scratch(tmp_path / "scratch"),
        transcriber=UntranscribedRecordings(),
    )
    settings = load_settings({}, flags={"max_upload_bytes": 10_000, "job_max_attempts": 3}).settings
    handler = build_handler(settings, parts)
    service = build_service(settings, parts, lambda: None)
    return Slice(database, blobs, documents, jobs, index, embedder, extractions, service, handler)
