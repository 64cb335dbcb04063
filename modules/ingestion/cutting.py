"""What a version was cut into, and the build that this makes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from footnote.modules.ingestion.models import Document, Version
from footnote.modules.ingestion.offloaded import Chunker
from footnote.modules.retrieval import Build
from footnote.platform.inference import Embedder
from footnote.platform.jobs import Job


@dataclass(frozen=True, slots=True)
class Cut:
    """The chunks of a version, in a file of their own."""

    path: Path
    count: int
    chunker: Chunker
    embedder: Embedder


def build_of(job: Job, document: Document, version: Version, cut: Cut) -> Build:
    """The same for the same content, title, chunker and model, so that work which was cut off is found again."""
    parts = (document.id, version.number, version.extraction, cut.chunker.signature, document.title)
    return Build(
        id=hashlib.sha256(repr((*parts, cut.embedder.name)).encode()).hexdigest()[:32],
        tenant=job.tenant,
        document_id=document.id,
        version=version.number,
        embedding=cut.embedder.name,
        language=version.language,
    )
