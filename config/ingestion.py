"""Composes the ingestion of documents: the use cases, the job behind them, and where the two meet."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from footnote.config.settings import Settings
from footnote.modules.ingestion.attachments import AttachmentKeeper
from footnote.modules.ingestion.changes import Changes
from footnote.modules.ingestion.chunking import SentenceEmbedder, build_chunkers
from footnote.modules.ingestion.extracting import Extracting
from footnote.modules.ingestion.extraction import SUPPORTED, Options, sniff
from footnote.modules.ingestion.fetching import Fetcher
from footnote.modules.ingestion.limits import TenantLimits
from footnote.modules.ingestion.offloaded import Chunker
from footnote.modules.ingestion.pipeline import IngestHandler
from footnote.modules.ingestion.removing import DocumentRemover
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.ingestion.sandbox import Sandbox
from footnote.modules.ingestion.scanning import open_scanner
from footnote.modules.ingestion.service import IngestionService
from footnote.modules.ingestion.uploads import Scan, Uploads
from footnote.modules.retrieval import ChunkIndex
from footnote.platform.events import EventBus
from footnote.platform.inference import Embedder
from footnote.platform.inference.local import LocalTokenizer
from footnote.platform.inference.transcription import Transcriber
from footnote.platform.jobs import JobQueue
from footnote.platform.process_child import ProcessLimits
from footnote.platform.processes import ProcessPool
from footnote.platform.safety.instructions.detector import InstructionDetector
from footnote.platform.storage import BlobStore, Storage
from footnote.platform.storage.scratch import Scratch

OPEN_FILES = 256  # of one process that reads a file


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestionParts:
    """What both sides of ingestion use."""

    storage: Storage
    documents: DocumentRepository
    blobs: BlobStore
    jobs: JobQueue
    index: ChunkIndex
    events: EventBus
    embedder: Embedder
    sentences: SentenceEmbedder
    extracting: ProcessPool
    scratch: Scratch
    transcriber: Transcriber
    current: Callable[[], Awaitable[Embedder]] | None = None  # the embedder of a document, where it may change
    detector: InstructionDetector | None = None


def extraction_limits(settings: Settings) -> ProcessLimits:
    return ProcessLimits(
        memory=settings.extract_memory_bytes, file_size=settings.extract_output_bytes, open_files=OPEN_FILES
    )


def build_handler(settings: Settings, parts: IngestionParts) -> IngestHandler:
    sandbox = Sandbox(
        parts.extracting,
        stall_seconds=settings.extract_timeout_seconds,
        total_seconds=settings.extract_total_seconds,
    )
    extracting = Extracting(
        parts.storage,
        parts.documents,
        parts.blobs,
        parts.jobs,
        AttachmentKeeper(
            parts.documents,
            parts.blobs,
            parts.jobs,
            remover(parts),
            sniff=sniffed,
            scan=scanner(settings),
            supported=SUPPORTED,
            limits=TenantLimits(documents=settings.max_attachments, size=settings.unpacked_bytes),
            tenant_limits=TenantLimits(documents=settings.tenant_max_documents, size=settings.tenant_max_bytes),
        ),
        sandbox,
        parts.transcriber,
        parts.scratch,
        Options(
            ocr_languages=settings.ocr_languages,
            max_pages=settings.extract_max_pages,
            max_unpacked_bytes=settings.unpacked_bytes,
            max_attachments=settings.max_attachments,
        ),
        parts.detector,
    )
    return IngestHandler(
        parts.storage,
        parts.documents,
        parts.blobs,
        parts.jobs,
        parts.index,
        extracting,
        chunkers(settings, parts),
        parts.embedder,
        sandbox,
        parts.scratch,
        chunking=settings.chunking,
        current=parts.current,
    )


def build_service(settings: Settings, parts: IngestionParts, wake_workers: Callable[[], None]) -> IngestionService:
    return IngestionService(
        parts.documents,
        parts.blobs,
        parts.jobs,
        uploads(settings, parts),
        changes(settings, parts),
        chunkings=chunkers(settings, parts),
        wake_workers=wake_workers,
    )


def changes(settings: Settings, parts: IngestionParts) -> Changes:
    return Changes(
        parts.storage,
        parts.documents,
        parts.blobs,
        parts.jobs,
        parts.index,
        remover(parts),
        max_attempts=settings.job_max_attempts,
    )


def uploads(settings: Settings, parts: IngestionParts) -> Uploads:
    return Uploads(
        parts.storage,
        parts.documents,
        parts.blobs,
        parts.jobs,
        sniff=sniffed,
        scan=scanner(settings),
        supported=SUPPORTED,
        max_bytes=settings.max_upload_bytes,
        max_attempts=settings.job_max_attempts,
        limits=TenantLimits(
            documents=settings.tenant_max_documents,
            size=settings.tenant_max_bytes,
            waiting=settings.tenant_max_waiting,
        ),
    )


def build_fetcher(settings: Settings) -> Fetcher:
    return Fetcher(
        settings.fetch_hosts,
        schemes=settings.fetch_schemes,
        max_bytes=settings.max_upload_bytes,
        seconds=settings.fetch_timeout_seconds,
    )


def chunkers(settings: Settings, parts: IngestionParts) -> Mapping[str, Chunker]:
    return build_chunkers(
        LocalTokenizer(),
        parts.sentences,
        max_tokens=settings.chunk_tokens,
        overlap=settings.chunk_overlap,
        child_tokens=settings.child_tokens,
        parent_tokens=settings.parent_tokens,
        semantic_percentile=settings.semantic_percentile,
    )


def scanner(settings: Settings) -> Scan:
    return open_scanner(settings.virus_scanner).scan


def remover(parts: IngestionParts) -> DocumentRemover:
    return DocumentRemover(parts.storage, parts.documents, parts.blobs, parts.jobs, parts.index, parts.events)


async def sniffed(path: Path, filename: str) -> str:
    return await asyncio.to_thread(sniff, path, filename)
