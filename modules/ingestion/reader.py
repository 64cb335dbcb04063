"""Reads what stands where: the canonical text, the place of a span, and the picture of a page."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from opentelemetry import trace

from footnote.modules.ingestion.errors import DocumentNotReady, InvalidSpan, PageNotFound
from footnote.modules.ingestion.models import Document, Extraction, Located, Version
from footnote.modules.ingestion.parts import BETWEEN
from footnote.modules.ingestion.places import line_boxes, place, together
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.ingestion.table_heads import heads
from footnote.modules.ingestion.texts import ExtractionStore, StoredExtraction
from footnote.modules.retrieval import Box
from footnote.platform.principal import Principal
from footnote.platform.storage import BlobStore
from footnote.platform.storage.errors import BlobNotFound

tracer = trace.get_tracer(__name__)

Render = Callable[[Path, int, Sequence[Box]], Awaitable[bytes]]


class DocumentReader:
    """The slice's `SpanLocator`."""

    def __init__(
        self, documents: DocumentRepository, blobs: BlobStore, extractions: ExtractionStore, render: Render
    ) -> None:
        """`render` draws a page of the file as PNG with boxes highlighted, away from this process."""
        self._documents = documents
        self._blobs = blobs
        self._extractions = extractions
        self._render = render

    @tracer.start_as_current_span("ingestion.locate")
    async def locate(
        self, principal: Principal, document_id: str, version: int, spans: Sequence[tuple[int, int]]
    ) -> list[Located]:
        document, _, extraction = await self._load(principal, document_id, version)
        located = []
        for start, end in (checked(extraction, *span) for span in spans):
            quote, places = "", []
            async for part, base in extraction.around(start, end):
                quote += (part.text + BETWEEN)[max(start - base, 0) : end - base]
                places.append(place(part, start - base, end - base))
            located.append(Located(quote=quote, title=document.title, place=together(places)))
        return located

    @tracer.start_as_current_span("ingestion.heads")
    async def heads(self, principal: Principal, document_id: str, version: int, position: int) -> list[tuple[int, int]]:
        _, _, extraction = await self._load(principal, document_id, version)
        async for part, base in extraction.around(position, position + 1):
            found = await asyncio.to_thread(heads, part, position - base)  # a sheet may have many rows
            return [(base + start, base + end) for start, end in found]
        return []

    async def text(self, principal: Principal, document_id: str, version: int | None = None) -> str:
        """The canonical text of a version, the active one if none is named."""
        _, _, extraction = await self._load(principal, document_id, version)
        return await extraction.text()

    @tracer.start_as_current_span("ingestion.page_image")
    async def page_image(
        self, principal: Principal, document_id: str, page: int, version: int | None, span: tuple[int, int] | None
    ) -> bytes:
        """PNG of a page, numbered from 1, the part of `span` that stands on it highlighted.

        Raises:
            PageNotFound: The document has no pages, or not that many.
            BlobNotFound: The document was deleted meanwhile.
        """
        _, found, extraction = await self._load(principal, document_id, version)
        if not 1 <= page <= found.pages:
            raise PageNotFound.numbered(page, found.pages)
        boxes = await self._boxes(extraction, page, *checked(extraction, *span)) if span else []
        path = await self._blobs.path(principal.tenant, found.content)
        try:
            return await self._render(path, page, boxes)
        except FileNotFoundError:
            raise BlobNotFound(found.content) from None  # deleted while it waited for its turn

    async def _boxes(self, extraction: StoredExtraction, page: int, start: int, end: int) -> list[Box]:
        found = []
        async for part, base in extraction.around(start, end):
            # Away from the loop, for anybody who reads the document may name a span of all its words.
            boxes = await asyncio.to_thread(_boxes_of, part, start - base, end - base)
            found += [box for box in boxes if box.page == page]
        return found

    async def _load(
        self, principal: Principal, document_id: str, version: int | None
    ) -> tuple[Document, Version, StoredExtraction]:
        document = await self._documents.get(principal, document_id)
        number = document.version if version is None else version
        if number == 0:
            raise DocumentNotReady(document_id, document.status)
        found = await self._documents.version(principal, document_id, number)
        return document, found, await self._extractions.open(principal.tenant, found)


def checked(extraction: StoredExtraction, start: int, end: int) -> tuple[int, int]:
    if not 0 <= start < end <= extraction.characters:
        raise InvalidSpan(start, end, extraction.characters)
    return start, end


def _boxes_of(part: Extraction, start: int, end: int) -> list[Box]:
    return list(line_boxes(part, start, end))
