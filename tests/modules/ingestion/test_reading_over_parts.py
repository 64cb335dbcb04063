"""Spans that begin in one part of a document and end in another."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footnote.modules.ingestion import Located
from footnote.modules.ingestion.models import Block, Extraction, Heading, Layout, Moment, Page, Word
from footnote.modules.ingestion.reader import DocumentReader
from footnote.modules.ingestion.texts import ExtractionStore, ExtractionWriter
from footnote.modules.retrieval import Box
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
TEXT = "Lamp one.\n\nLamp two.\n\nLamp three."
DRAWN = b"picture"


def part(number: int, text: str, *headings: Heading) -> Extraction:
    """`text` on page `number`, spoken in its minute, each word 10 points wide."""
    starts = (0, text.index(" ") + 1)
    layout = Layout(
        pages=(Page(number, 600.0, 800.0, 0, len(text)),),
        words=tuple(
            Word(start, end, number, 10.0 * at, 5.0, 10.0 * at + 9, 14.0)
            for at, (start, end) in enumerate(zip(starts, (4, len(text)), strict=True))
        ),
        blocks=(Block(0, len(text), "paragraph"),),
        headings=headings,
        moments=(Moment(0, len(text), 60.0 * number, 60.0 * number + 5),),
    )
    return Extraction(text=text, layout=layout, media_type="application/pdf")


class OneDocument:
    def __init__(self, path: Path) -> None:
        self._path = path
        self.drawn: list[Box] = []

    async def get(self, _: Principal, document_id: str) -> Any:
        return SimpleNamespace(version=1, title="Lamps")

    async def version(self, _: Principal, document_id: str, number: int) -> Any:
        return SimpleNamespace(extraction="e", content="c", pages=3)

    async def path(self, tenant: str, sha256: str) -> Path:
        return self._path

    async def draw(self, path: Path, page: int, boxes: Sequence[Box]) -> bytes:
        self.drawn = list(boxes)
        return DRAWN


@pytest.fixture
def document(tmp_path: Path) -> OneDocument:
    with (tmp_path / "e").open("wb") as file:
        writer = ExtractionWriter(file)
        for added in (part(1, "Lamp one.", Heading(0, 4, 1)), part(2, "Lamp two."), part(3, "Lamp three.")):
            writer.add(added)
        writer.close()
    return OneDocument(tmp_path / "e")


@pytest.fixture
def reader(document: Any) -> DocumentReader:
    return DocumentReader(document, document, ExtractionStore(document), document.draw)


async def located(reader: DocumentReader, start: int, end: int) -> Located:
    return (await reader.locate(ANN, "d", 1, [(start, end)]))[0]


@pytest.mark.parametrize("start", range(len(TEXT)))
async def test_what_stands_there_is_quoted_wherever_it_begins_and_ends(reader: DocumentReader, start: int) -> None:
    ends = range(start + 1, len(TEXT) + 1)
    quotes = await reader.locate(ANN, "d", 1, [(start, end) for end in ends])
    assert [each.quote for each in quotes] == [TEXT[start:end] for end in ends]


async def test_a_span_over_parts_stands_on_all_their_pages(reader: DocumentReader) -> None:
    place = (await located(reader, 5, 27)).place
    assert place.pages == (1, 2, 3)
    assert [(box.page, box.x0, box.x1) for box in place.boxes] == [(1, 10, 19), (2, 0, 19), (3, 0, 9)]


async def test_a_span_over_parts_is_spoken_from_its_first_to_its_last_word(reader: DocumentReader) -> None:
    assert (await located(reader, 5, 15)).place.seconds == (60, 125)


async def test_a_span_in_a_later_part_stands_under_the_headings_of_earlier_ones(reader: DocumentReader) -> None:
    assert (await located(reader, 11, 15)).place.heading_path == ("Lamp",)
    assert (await located(reader, 0, 15)).place.heading_path == ("Lamp",)


async def test_of_a_span_over_parts_each_page_shows_its_own(document: OneDocument, reader: DocumentReader) -> None:
    assert await reader.page_image(ANN, "d", 2, None, (0, len(TEXT))) == DRAWN
    assert [(box.page, box.x0, box.x1) for box in document.drawn] == [(2, 0, 19)]


async def test_one_part_at_a_time_is_held_however_long_the_span(document: Any) -> None:
    store = ExtractionStore(document, kept_bytes=1)
    reader = DocumentReader(document, document, store, document.draw)
    assert (await located(reader, 0, len(TEXT))).quote == TEXT
    assert len(store._kept) == 1
