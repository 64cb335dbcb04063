"""PDF: reading order, and a box for every word."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from support.reading import read_file

from footnote.modules.ingestion.extraction.errors import DamagedFile, NoText, PasswordProtected
from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.models import Extraction, Word

Draw = Callable[..., Path]


def lines(canvas: Canvas, x: float, y: float, *texts: str, font: str = "Helvetica", size: float = 10) -> None:
    canvas.setFont(font, size)
    for index, text in enumerate(texts):
        canvas.drawString(x, y - index * size * 1.2, text)


def word(extraction: Extraction, text: str) -> Word:
    return next(word for word in extraction.layout.words if extraction.text[word.start : word.end] == text)


def blocks(extraction: Extraction) -> Iterator[tuple[str, str]]:
    return ((block.kind, extraction.text[block.start : block.end]) for block in extraction.layout.blocks)


def test_words_have_boxes_from_the_top_left(draw: Draw) -> None:
    extraction = read_file(draw(lambda canvas: lines(canvas, 100, 700, "Here there")), PDF)
    here = word(extraction, "Here")
    assert here.x0 == pytest.approx(100, abs=1)
    assert here.y0 < 100 < here.y1  # the baseline is 700 from the bottom of 800
    assert here.x1 < word(extraction, "there").x0


def test_a_page_tells_its_size_and_its_span(draw: Draw) -> None:
    extraction = read_file(draw(lambda canvas: lines(canvas, 100, 700, "Here")), PDF)
    (page,) = extraction.layout.pages
    assert (page.number, page.width, page.height, page.start, page.end) == (1, 600, 800, 0, 4)


@pytest.mark.parametrize(("turn", "x", "y"), [(0, 100, 100), (90, 700, 100), (180, 500, 700), (270, 100, 500)])
def test_boxes_turn_with_the_page(draw: Draw, tmp_path: Path, turn: int, x: float, y: float) -> None:
    document = pdfium.PdfDocument(draw(lambda canvas: lines(canvas, 100, 700, "Here we read on")))
    document[0].set_rotation(turn)
    document.save(tmp_path / "turned.pdf")
    document.close()
    extraction = read_file(tmp_path / "turned.pdf", PDF)
    here = word(extraction, "Here")
    assert extraction.text == "Here we read on"
    assert here.x0 - 12 < x < here.x1 + 12
    assert here.y0 - 12 < y < here.y1 + 12


def test_boxes_are_relative_to_the_crop_box(draw: Draw, tmp_path: Path) -> None:
    def paint(canvas: Canvas) -> None:
        lines(canvas, 100, 700, "Here")
        lines(canvas, 10, 10, "cut")

    document = pdfium.PdfDocument(draw(paint))
    document[0].set_cropbox(90, 600, 400, 750)
    document.save(tmp_path / "cropped.pdf")
    document.close()
    extraction = read_file(tmp_path / "cropped.pdf", PDF)
    assert extraction.text == "Here"
    assert word(extraction, "Here").x0 == pytest.approx(10, abs=1)
    assert word(extraction, "Here").y1 == pytest.approx(52, abs=2)


def test_columns_are_read_one_after_the_other(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        for row in range(12):
            lines(canvas, 320, 700 - row * 12, f"right column has its own line number {row}")
        for row in range(12):
            lines(canvas, 60, 700 - row * 12, f"left column is read first by line {row}")

    text = read_file(draw(paint), PDF).text
    assert text.index("left column is read first by line 11") < text.index("right column has its own line number 0")


def test_columns_that_are_drawn_line_by_line_are_read_one_after_the_other(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        lines(
            canvas, 60, 740, "A line that stands over all of the columns and leaves no room for a gutter between them"
        )
        for row in range(10):
            for column, x in enumerate((60, 230, 400)):
                lines(canvas, x, 700 - row * 12, f"words of column {column} line {row}")

    text = read_file(draw(paint), PDF).text
    places = [text.index(f"words of column {column} line {row}") for column in range(3) for row in range(10)]
    assert places == sorted(places)


def test_lines_so_tight_that_they_overlap_are_lines_all_the_same(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        lines(canvas, 60, 700, "the upper line")
        lines(canvas, 62, 695, "lower words")

    assert read_file(draw(paint), PDF).text.replace("\n\n", "\n").split("\n") == ["the upper line", "lower words"]


def test_cells_of_a_row_are_one_line_however_they_are_drawn(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        for x, cells in ((60, ("Revenue", "Costs", "Profit")), (300, ("12", "7", "5")), (450, ("10", "6", "4"))):
            lines(canvas, x, 700, *cells)

    extraction = read_file(draw(paint), PDF)
    assert list(blocks(extraction)) == [
        ("table_row", "Revenue 12 10"),
        ("table_row", "Costs 7 6"),
        ("table_row", "Profit 5 4"),
    ]


def test_a_gap_ends_a_paragraph(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        lines(canvas, 60, 700, "One paragraph begins here and", "goes on in a second line.")
        lines(canvas, 60, 660, "Another one is further down.")

    assert read_file(draw(paint), PDF).text == (
        "One paragraph begins here and\ngoes on in a second line.\n\nAnother one is further down."
    )


def test_larger_and_bolder_lines_are_headings(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        lines(canvas, 60, 740, "The large title", size=18)
        lines(canvas, 60, 700, "A bold heading", font="Helvetica-Bold")
        lines(canvas, 60, 680, *["plain words of the body follow here"] * 8)

    extraction = read_file(draw(paint), PDF)
    headings = [(extraction.text[h.start : h.end], h.level) for h in extraction.layout.headings]
    assert headings == [("The large title", 1), ("A bold heading", 2)]


def test_the_outline_tells_headings_and_levels(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        for index, (title, level) in enumerate((("Alpha", 0), ("Beta", 1), ("Gamma", 0))):
            lines(canvas, 60, 700 - 24 * index, title, "some words")
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, level)

    extraction = read_file(draw(paint), PDF)
    headings = [(extraction.text[h.start : h.end], h.level) for h in extraction.layout.headings]
    assert headings == [("Alpha", 1), ("Beta", 2), ("Gamma", 1)]


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("A report on things", "A report on things"),
        ("Microsoft Word - Minutes of May", "Minutes of May"),
        ("untitled", None),
        ("Microsoft Word - minutes.docx", None),
        ("0001045810-22-000166", None),
        ("minutes_of_may", None),
        ("Minutes of 2021", "Minutes of 2021"),
    ],
)
def test_a_title_that_says_something_is_taken(draw: Draw, stated: str, title: str | None) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setTitle(stated)
        lines(canvas, 60, 700, "Words")

    assert read_file(draw(paint), PDF).title == title


def test_a_drawing_alone_is_no_text(draw: Draw) -> None:
    with pytest.raises(NoText):
        read_file(draw(lambda canvas: canvas.rect(10, 10, 50, 50)), PDF)


def test_a_password_is_asked_for_in_vain(draw: Draw) -> None:
    protected = draw(lambda canvas: lines(canvas, 60, 700, "Secret"), encrypt=StandardEncryption("user", "owner"))
    with pytest.raises(PasswordProtected):
        read_file(protected, PDF)


def test_a_file_cut_short_is_damaged(draw: Draw) -> None:
    path = draw(lambda canvas: lines(canvas, 60, 700, "Words"))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DamagedFile):
        read_file(path, PDF)


def test_a_file_that_opens_without_its_end_warns(draw: Draw) -> None:
    path = draw(lambda canvas: lines(canvas, 60, 700, "Words"))
    path.write_bytes(path.read_bytes().replace(b"%%EOF", b""))
    assert "no proper end" in read_file(path, PDF).warnings[0]
