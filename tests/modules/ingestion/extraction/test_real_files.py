"""What holds for every file that is taken in, tried on real ones."""

from collections.abc import Iterator
from pathlib import Path

from support.reading import read_file

from footnote.modules.ingestion.extraction import SUPPORTED, sniff
from footnote.modules.ingestion.extraction.errors import Unreadable
from footnote.modules.ingestion.extraction.kinds import AUDIO, PDF
from footnote.modules.ingestion.models import Extraction


def extractions(folder: Path) -> Iterator[tuple[str, Extraction]]:
    """Of all files there that can be read; that others fail as they should is part of the claim."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            media_type = sniff(path, path.name)
            if media_type in SUPPORTED - AUDIO:
                yield str(path.relative_to(folder)), read_file(path, media_type)
        except Unreadable:
            continue


def test_spans_boxes_and_pages_hold_together(shared_data: Path) -> None:
    count = 0
    for name, extraction in extractions(shared_data / "files"):
        count += 1
        spans = [(block.start, block.end) for block in extraction.layout.blocks]
        assert_covers(extraction.text, spans, name)
        assert {(heading.start, heading.end) for heading in extraction.layout.headings} <= set(spans), name
        if extraction.media_type == PDF:
            assert_words_stand(extraction, name)
    assert count > 200


def assert_covers(text: str, spans: list[tuple[int, int]], name: str) -> None:
    at = 0
    for start, end in spans:
        assert at <= start < end, name
        assert not text[at:start].strip(), name
        at = end
    assert not text[at:].strip(), name


def assert_words_stand(extraction: Extraction, name: str) -> None:
    glueless = blanked(extraction)
    assert_covers(glueless, [(word.start, word.end) for word in extraction.layout.words], name)
    furniture = [block for block in extraction.layout.blocks if block.kind == "furniture"]
    for word in extraction.layout.words:
        page = extraction.layout.pages[word.page - 1]
        is_apart = any(block.start <= word.start < block.end for block in furniture)
        assert is_apart or page.start <= word.start < word.end <= page.end, name
        assert 0 <= word.x0 < word.x1 <= page.width + 0.01, name
        assert 0 <= word.y0 < word.y1 <= page.height + 0.01, name
        assert not any(letter.isspace() for letter in extraction.text[word.start : word.end]), name


def blanked(extraction: Extraction) -> str:
    """The text without what stands between the cells of tables, which is part of no word."""
    text = list(extraction.text)
    for table in extraction.layout.tables:
        inside = [range(cell.start, cell.end) for cell in table.cells]
        kept = {index for cell in inside for index in cell}
        for index in range(table.start, table.end):
            if index not in kept and text[index] == "|":
                text[index] = " "
    return "".join(text)
