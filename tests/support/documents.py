"""Documents as they are stored, and people who ask for them."""

from datetime import UTC, datetime
from typing import Any

from footnote.modules.ingestion.models import Document, Version
from footnote.platform.principal import Principal

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANN = Principal(tenant="t", subject="ann")
BOB = Principal(tenant="t", subject="bob", groups=frozenset({"legal"}))
EVE = Principal(tenant="other", subject="ann", groups=frozenset({"legal"}))
VERSION = Version(
    document_id="1",
    number=1,
    content="c",
    extraction="e",
    extractor="x/1",
    media_type="text/plain",
    pages=0,
    characters=5,
    language="en",
)


def document(number: str = "1", **changes: Any) -> Document:
    values = {
        "id": number,
        "owner": "ann",
        "title": f"Report {number}",
        "media_type": "text/plain",
        "size": 5,
        "sha256": f"hash {number}",
        "status": "queued",
        "progress": None,
        "version": 0,
        "pages": 0,
        "chunks": 0,
        "language": None,
        "readers": (),
        "metadata": {"year": 2023},
        "error": None,
        "warnings": (),
        "created_at": NOW,
        "updated_at": NOW,
        "filename": "report.txt",
    }
    return Document(**(values | changes))
