"""What ingestion stores and publishes."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import msgspec

from footnote.modules.retrieval import Box, Card, Cells

Status = Literal["queued", "extracting", "chunking", "embedding", "publishing", "ready", "failed", "cancelled"]
# Furniture is what repeats at the edge of page after page: headers, footers, page numbers. It is in no chunk.
BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "table_header", "code", "furniture"]


class Page(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One page and the span of the canonical text that stands on it."""

    number: int  # from 1
    width: float  # points, as displayed
    height: float
    start: int
    end: int


class Word(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A run of characters without white space, and where it stands.

    A word that was hyphenated at the end of a line is two of them without anything between.
    """

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


class Cell(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A cell of a table and the span of its words, which may be empty.

    A cell that spans several rows stands in the text once for each of them, so that every row can be read alone; only
    the first names its spans.
    """

    start: int
    end: int
    row: int  # from 0; of the whole sheet in a spreadsheet, of the table elsewhere
    column: int
    row_span: int = 1
    column_span: int = 1
    box: tuple[int, float, float, float, float] | None = None  # page, x0, y0, x1, y1 as of a word


class Table(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Rows of cells, each row one block `| a | b |` of kind `table_header` or `table_row`."""

    start: int
    end: int
    cells: tuple[Cell, ...]  # by row, then column
    sheet: str | None = None  # of a spreadsheet


class Moment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A span that is spoken, and when."""

    start: int
    end: int
    begins: float  # seconds from the start of the recording
    ends: float


class Outer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A heading of an earlier part that still holds."""

    text: str
    level: int


class Layout(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Where every part of a text stands. Without pages, `pages` and `words` are empty; without sound, `moments`."""

    pages: tuple[Page, ...] = ()
    words: tuple[Word, ...] = ()
    headings: tuple[Heading, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    moments: tuple[Moment, ...] = ()
    outer: tuple[Outer, ...] = ()  # the headings above the start of the text, outermost first

    @cached_property
    def outline(self) -> Sequence[int]:
        """For each heading the index of the one right above it, -1 if there is none."""
        above: list[int] = []
        open_: list[int] = []
        for index, heading in enumerate(self.headings):
            while open_ and self.headings[open_[-1]].level >= heading.level:
                open_.pop()
            above.append(open_[-1] if open_ else -1)
            open_.append(index)
        return above


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file inside the file, to become a document of its own."""

    name: str  # with the folders inside an archive, `/` between them
    path: str  # where its bytes are now


class Extraction(msgspec.Struct, frozen=True, kw_only=True):
    """A reading of a file, or of a part of it that is small enough to hold in memory.

    Offsets of a part count from its own start. The canonical text of the file is that of its parts in order, with a
    blank line between each two.
    """

    text: str
    layout: Layout
    media_type: str
    title: str | None = None  # as the file itself states it
    language: str | None = None  # ISO 639-1
    warnings: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    stage: Status
    done: int  # pages, or parts of what has none, while extracting; chunks while embedding
    total: int
    seconds_left: float | None = None  # until the document is ready, by what such work took before; unknown at first


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
    parent_id: str | None = None  # the document that it came in, as an attachment
    depth: int = 0  # how many such documents are around it
    chunking: str | None = None  # how its text is cut, where not as the settings say
    priority: int = 0  # greater goes first


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done for a document, as last asked for."""

    revision: int  # grows whenever something else is asked for: new bytes, another chunking, another reading
    stale_through: int  # versions up to this number are not to be used again


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What a tenant keeps."""

    documents: int
    size: int  # bytes of originals
    waiting: int  # documents that are not settled


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
    chunking: str | None = None  # signature of the chunker whose chunks were published last


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
    chunking: str | msgspec.UnsetType | None = msgspec.UNSET
    priority: int | msgspec.UnsetType = msgspec.UNSET
    filename: str | msgspec.UnsetType = msgspec.UNSET
    media_type: str | msgspec.UnsetType = msgspec.UNSET
    size: int | msgspec.UnsetType = msgspec.UNSET
    sha256: str | msgspec.UnsetType = msgspec.UNSET


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

    attachments: int  # documents that came in it
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
