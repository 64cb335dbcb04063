"""HTTP of fetching documents from the web."""

from typing import Any

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from footnote.modules.ingestion.api import (
    IdempotencyKey,
    Metadata,
    Priority,
    Title,
    UploadedDocument,
    UploadedDocuments,
    checked_metadata,
    clean_filename,
)
from footnote.modules.ingestion.fetching import Fetcher
from footnote.modules.ingestion.service import IngestionService
from footnote.platform.principal import Principal


class FetchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: str
    title: Title | None = None
    metadata: Metadata = {}
    readers: tuple[str, ...] = ()
    chunking: str | None = None  # the name of a chunker
    priority: Priority = 0  # greater goes first


@post("/documents:fetch", status_code=202)
async def fetch_document(
    data: JSONBody[FetchRequest],
    principal: NamedDependency[Principal],
    ingestion: NamedDependency[IngestionService],
    fetcher: NamedDependency[Fetcher],
    idempotency_key: IdempotencyKey = None,
) -> UploadedDocuments:
    """Fetch a file from an allowed host, keep it and queue it, as if it were uploaded."""
    metadata: dict[str, Any] = checked_metadata(data.metadata)
    async with fetcher.fetch(data.url) as found:
        document, duplicate = await ingestion.upload(
            principal,
            found.content,
            filename=clean_filename(found.filename),
            title=data.title,
            readers=data.readers,
            metadata=metadata,
            chunking=data.chunking,
            priority=data.priority,
            idempotency_key=idempotency_key and f"fetch:{idempotency_key}",
        )
    return UploadedDocuments(items=[UploadedDocument(**msgspec.structs.asdict(document), duplicate=duplicate)])


router = Router("/api/v1", route_handlers=[fetch_document], tags=["documents"])
