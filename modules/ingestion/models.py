"""What ingestion stores and publishes."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from footnote.modules.retrieval import Box, Card, Cells

Status = Literal["queued", "extracting", "chunking", "embedding", "publishing", "ready", "failed", "cancelled"]
BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "table_header", "code"]


class Page(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One page and the span of the canonical text that stands on it."""

    number: int  # from 1
    width: float  # points, as displayed
    height: float
    start: int
    end: int


class Word(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A run of characters without white space, and where it stands."""

    start: int
    end: int
    page: int
    x0: float  # points of the page as displayed, origin top left
    y0: float
    x1: float
    y1: float


class Heading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    start: int
    end: int
    level: int  # from 1


class Block(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A span that reads as one: blocks do not overlap, come in reading order, and cover all text but white space."""

    start: int
    end: int
    kind: BlockKind


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where every part of the canonical text stands. `pages` and `words` are empty for formats without pages."""

    pages: tuple[Page, ...] = ()
    words: tuple[Word, ...] = ()
    headings: tuple[Heading, ...] = ()
    blocks: tuple[Block, ...] = ()


class Extraction(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of one file: the canonical text, into which every offset points, and its layout."""

    text: str
    layout: Layout
    media_type: str
    title: str | None = None  # as the file itself states it
    language: str | None = None  # ISO 639-1
    warnings: tuple[str, ...] = ()


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    stage: Status
    done: int
    total: int


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    id: str
    owner: str
    title: str
    media_type: str
    size: int  # bytes
    sha256: str
    status: Status
    progress: Progress | None
    version: int  # the version that answers cite now; 0 before the first is ready
    pages: int
    chunks: int
    language: str | None
    readers: tuple[str, ...]
    metadata: dict[str, Any]
    error: dict[str, Any] | None
    warnings: tuple[str, ...]  # what of the file may have been missed
    created_at: datetime
    updated_at: datetime
    filename: str


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a span stands in the original."""

    pages: tuple[int, ...]
    boxes: tuple[Box, ...]
    heading_path: tuple[str, ...]
    cells: tuple[Cells, ...] = ()
    seconds: tuple[float, float] | None = None


class Located(msgspec.Struct, frozen=True, kw_only=True):
    """A span of a document version with the words that stand there."""

    quote: str
    title: str
    place: Place


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One extraction of one content. Text and layout are one compressed blob."""

    document_id: str
    number: int  # from 1
    content: str  # SHA-256 of the original bytes
    extraction: str  # SHA-256 of the compressed extraction
    extractor: str  # what made it, and its revision
    media_type: str
    pages: int
    characters: int
    language: str | None


class DocumentChange(msgspec.Struct, frozen=True, kw_only=True):
    """The fields to set; those left out stay."""

    title: str | msgspec.UnsetType = msgspec.UNSET
    readers: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    metadata: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    status: Status | msgspec.UnsetType = msgspec.UNSET
    progress: Progress | msgspec.UnsetType | None = msgspec.UNSET
    version: int | msgspec.UnsetType = msgspec.UNSET
    pages: int | msgspec.UnsetType = msgspec.UNSET
    chunks: int | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType | None = msgspec.UNSET
    error: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET
    warnings: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What one idempotency key stands for."""

    sha256: str
    document_id: str


class DocumentPage(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[Document, ...]
    next_cursor: str | None


class DocumentEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to a document; `document` is None once it is deleted."""

    sequence: int
    document_id: str
    document: Document | None


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """What was removed with a document."""

    versions: int
    builds: int
    chunks: int
    blobs: int  # whose last user this document was
    answers_redacted: int


class DeletionReport(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    deleted: Deletion


def card(tenant: str, document: Document) -> Card:
    return Card(
        tenant=tenant,
        document_id=document.id,
        owner=document.owner,
        readers=document.readers,
        title=document.title,
        media_type=document.media_type,
        language=document.language,
        metadata=document.metadata,
        created_at=document.created_at,
    )
