"""PDF: what repeats at the edges of pages is kept apart from the text."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from support.reading import read_file

from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.models import Extraction

Paint = Callable[[Canvas, int], None]
Draw = Callable[[int, Paint], Path]
BODY = ("Here the body of a page goes on with words", "of which no two lines are quite alike, and ends")


@pytest.fixture
def draw_pages(tmp_path: Path) -> Draw:
    """Draws a PDF of so many pages of 600 by 800 points; each has two lines of its own in the middle."""

    def draw(count: int, paint: Paint) -> Path:
        canvas = Canvas(str(tmp_path / "pages.pdf"), pagesize=(600, 800))
        for page in range(1, count + 1):
            canvas.setFont("Helvetica", 10)
            for row, line in enumerate(BODY):
                canvas.drawString(60, 500 - 12 * row, f"{line} {'abcdefghij'[page % 10] * page}.")
            paint(canvas, page)
            canvas.showPage()
        canvas.save()
        return tmp_path / "pages.pdf"

    return draw


def text_of(extraction: Extraction, *kinds: str) -> list[str]:
    return [extraction.text[each.start : each.end] for each in extraction.layout.blocks if each.kind in kinds]


def furniture(extraction: Extraction) -> list[str]:
    return text_of(extraction, "furniture")


def at(canvas: Canvas, y: float, *texts: tuple[float, str], size: float = 9) -> None:
    canvas.setFont("Helvetica", size)
    for x, text in texts:
        canvas.drawString(x, y, text)


def test_headers_and_page_numbers_stand_once_at_the_end(draw_pages: Draw) -> None:
    def paint(canvas: Canvas, page: int) -> None:
        at(canvas, 770, (60, "Annual report"))
        at(canvas, 30, (290, f"Page {page} of 4"))

    extraction = read_file(draw_pages(4, paint), PDF)
    assert [block.kind for block in extraction.layout.blocks][-2:] == ["furniture", "furniture"]
    assert extraction.text.endswith("Annual report\n\nPage 1 of 4")
    assert extraction.text.count("Annual report") == 1


def test_furniture_has_its_place_on_the_page_where_it_stands_first(draw_pages: Draw) -> None:
    extraction = read_file(draw_pages(3, lambda canvas, page: at(canvas, 770, (60, "Annual report"))), PDF)
    word = next(word for word in extraction.layout.words if extraction.text[word.start : word.end] == "Annual")
    assert (word.page, word.x0) == (1, pytest.approx(60, abs=1))
    assert word.y0 < 30 < word.y1
    assert extraction.layout.pages[-1].end < word.start


def test_left_and_right_pages_may_differ(draw_pages: Draw) -> None:
    def paint(canvas: Canvas, page: int) -> None:
        at(canvas, 770, (60, f"{page} The book") if page % 2 == 0 else (480, f"The chapter {page}"))

    assert furniture(read_file(draw_pages(8, paint), PDF)) == ["The chapter 1", "2 The book"]


def test_roman_page_numbers_are_numbers(draw_pages: Draw) -> None:
    numbers = ["i", "ii", "iii", "iv", "v"]
    extraction = read_file(draw_pages(5, lambda canvas, page: at(canvas, 30, (300, numbers[page - 1]))), PDF)
    assert furniture(extraction) == ["i"]


def test_a_footer_right_below_the_text_of_short_pages_is_known_by_its_number(draw_pages: Draw) -> None:
    extraction = read_file(
        draw_pages(4, lambda canvas, page: at(canvas, 400 - 40 * page, (290, f"Form A | {page}"))), PDF
    )
    assert furniture(extraction) == ["Form A | 1"]


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (("Alpha", "Beta", "Gamma", "Delta"), "they differ"),
        (("Lesson 3", "Lesson 3", "Lesson 9", "Lesson 7"), "the numbers do not count pages"),
    ],
)
def test_titles_of_pages_stay(draw_pages: Draw, texts: tuple[str, ...], why: str) -> None:
    extraction = read_file(draw_pages(4, lambda canvas, page: at(canvas, 770, (60, texts[page - 1]))), PDF)
    assert furniture(extraction) == [], why


def test_large_numbered_titles_stay(draw_pages: Draw) -> None:
    extraction = read_file(draw_pages(4, lambda canvas, page: at(canvas, 760, (60, f"Step {page}"), size=20)), PDF)
    assert text_of(extraction, "heading") == ["Step 1", "Step 2", "Step 3", "Step 4"]


def test_a_larger_title_stays_where_its_repetition_goes(draw_pages: Draw) -> None:
    def paint(canvas: Canvas, page: int) -> None:
        at(canvas, 768, (60, "On things"), size=24 if page == 1 else 9)

    extraction = read_file(draw_pages(5, paint), PDF)
    assert text_of(extraction, "heading") == ["On things"]
    assert furniture(extraction) == ["On things"]


def test_the_head_of_a_table_that_goes_on_stays(draw_pages: Draw) -> None:
    def paint(canvas: Canvas, page: int) -> None:
        columns = (60, 250, 450)
        at(canvas, 770, *zip(columns, ("Country", "Capital", "Inhabitants"), strict=True))
        for row in range(8):
            cells = (f"Land {'xyz'[page % 3] * (row + 1)}", f"Town {row * page}", str(row * page * 777))
            at(canvas, 758 - 12 * row, *zip(columns, cells, strict=True))

    extraction = read_file(draw_pages(4, paint), PDF)
    assert furniture(extraction) == []
    assert extraction.text.count("Inhabitants") == 4


def test_two_pages_are_no_repetition(draw_pages: Draw) -> None:
    assert not furniture(read_file(draw_pages(2, lambda canvas, page: at(canvas, 770, (60, "Annual report"))), PDF))


def test_a_page_of_nothing_else_is_about_its_words(draw_pages: Draw, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "cards.pdf"), pagesize=(600, 800))
    for page in range(4):
        at(canvas, 770, (60, f"Card {page}"))
        canvas.showPage()
    canvas.save()
    extraction = read_file(tmp_path / "cards.pdf", PDF)
    assert text_of(extraction, "paragraph", "heading") == [f"Card {page}" for page in range(4)]


def spans_of_pages(extraction: Extraction) -> Iterable[tuple[int, int]]:
    return ((page.start, page.end) for page in extraction.layout.pages)


def test_pages_do_not_count_what_was_taken_out(draw_pages: Draw) -> None:
    extraction = read_file(draw_pages(3, lambda canvas, page: at(canvas, 770, (60, "Annual report"))), PDF)
    first, second, third = spans_of_pages(extraction)
    assert first[0] == 0
    assert first[1] < second[0] < second[1] < third[0]
    assert extraction.text[slice(*third)].endswith("ends ddd.")
