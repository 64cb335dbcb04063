"""A document as it is when its bytes have just come in."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from footnote.modules.ingestion.models import Document
from footnote.platform.ids import new_id
from footnote.platform.jobs import NewJob
from footnote.platform.storage import Blob

INGEST = "ingest"
LONGEST_TITLE = 500


def new_document(
    blob: Blob,
    *,
    owner: str,
    title: str | None,
    filename: str,
    media_type: str,
    readers: tuple[str, ...],
    metadata: dict[str, Any],
    chunking: str | None,
    priority: int,
    now: datetime,
    parent: Document | None = None,
) -> Document:
    """Without a `title`, the name of its file is one."""
    return Document(
        id=new_id(),
        owner=owner,
        title=(title or PurePosixPath(filename).stem or filename)[:LONGEST_TITLE],
        media_type=media_type,
        size=blob.size,
        sha256=blob.sha256,
        status="queued",
        progress=None,
        version=0,
        pages=0,
        chunks=0,
        language=None,
        readers=readers,
        metadata=metadata,
        error=None,
        warnings=(),
        created_at=now,
        updated_at=now,
        filename=filename,
        parent_id=None if parent is None else parent.id,
        depth=0 if parent is None else parent.depth + 1,
        chunking=chunking,
        priority=priority,
    )


def ingest_job(tenant: str, document: Document, max_attempts: int) -> NewJob:
    return NewJob(
        kind=INGEST,
        tenant=tenant,
        key=job_key(document.id),
        payload={"document_id": document.id, "owner": document.owner},
        priority=document.priority,
        max_attempts=max_attempts,
    )


def job_key(document_id: str) -> str:
    return f"{INGEST}:{document_id}"
