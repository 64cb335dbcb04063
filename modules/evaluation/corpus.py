"""Ingests the corpus of a dataset and remembers which document is which."""

import asyncio
from pathlib import Path
from time import perf_counter

import msgspec
from loguru import logger

from footnote.modules.evaluation import CorpusLoader, ProgressListener
from footnote.modules.evaluation.bounded import in_thread
from footnote.modules.evaluation.datasets import measure_corpus, read_corpus
from footnote.modules.ingestion import Document
from footnote.platform.principal import Principal


class IngestedCorpus(msgspec.Struct, frozen=True, kw_only=True):
    doc_ids: dict[str, str]  # by the id of the document, ready ones only
    skipped: int
    failed: int
    chunks: int
    seconds: float


async def ingest_corpus(
    loader: CorpusLoader, principal: Principal, folder: Path, progress: ProgressListener
) -> IngestedCorpus:
    """Ingest all documents of the dataset that have content; the whole corpus is checked before the first.

    Raises:
        InvalidDataset: The corpus is not of the form.
    """
    size = await asyncio.to_thread(measure_corpus, folder)
    begun = perf_counter()
    filled = (document for document in read_corpus(folder) if not document.is_empty)
    loaded = await loader.load(principal, in_thread(filled), total=size.documents, progress=progress)
    ready = {doc_id: document for doc_id, document in loaded.items() if document.status == "ready"}
    _report_failed(loaded)
    return IngestedCorpus(
        doc_ids={document.id: doc_id for doc_id, document in ready.items()},
        skipped=size.empty,
        failed=len(loaded) - len(ready),
        chunks=sum(document.chunks for document in ready.values()),
        seconds=perf_counter() - begun,
    )


def _report_failed(loaded: dict[str, Document]) -> None:
    for doc_id, document in loaded.items():
        if document.status != "ready":
            logger.bind(doc_id=doc_id, status=document.status, error=document.error).warning(
                "a document of the dataset is not ready"
            )
