"""From a span of the text to pages, boxes and headings."""

from footnote.modules.ingestion.models import Block, Extraction, Heading, Layout, Page, Word
from footnote.modules.ingestion.places import heading_path, place
from footnote.modules.retrieval import Box

TEXT = "Title\n\none two\nthree\n\nSub\n\nfour"
WORDS = (
    Word(0, 5, 1, 10, 10, 60, 30),
    Word(7, 10, 1, 10, 40, 30, 50),
    Word(11, 14, 1, 35, 39, 60, 51),
    Word(15, 20, 1, 10, 52, 40, 62),
    Word(22, 25, 1, 10, 70, 30, 85),
    Word(27, 31, 2, 10, 10, 30, 20),
)
EXTRACTION = Extraction(
    text=TEXT,
    layout=Layout(
        pages=(Page(1, 100, 100, 0, 25), Page(2, 100, 100, 27, 31)),
        words=WORDS,
        headings=(Heading(0, 5, 1), Heading(22, 25, 2)),
        blocks=(
            Block(0, 5, "heading"),
            Block(7, 20, "paragraph"),
            Block(22, 25, "heading"),
            Block(27, 31, "paragraph"),
        ),
    ),
    media_type="application/pdf",
)


def test_words_of_a_line_share_a_box() -> None:
    assert place(EXTRACTION, 7, 20).boxes == (
        Box(page=1, x0=10, y0=39, x1=60, y1=51),
        Box(page=1, x0=10, y0=52, x1=40, y1=62),
    )


def test_a_part_of_a_word_has_the_words_box() -> None:
    assert place(EXTRACTION, 8, 9).boxes == (Box(page=1, x0=10, y0=40, x1=30, y1=50),)


def test_white_space_stands_nowhere() -> None:
    assert place(EXTRACTION, 5, 7).boxes == ()


def test_a_span_over_two_pages_names_both() -> None:
    assert place(EXTRACTION, 15, 31).pages == (1, 2)


def test_the_headings_are_those_above_the_start() -> None:
    assert heading_path(EXTRACTION, 3) == ("Title",)
    assert heading_path(EXTRACTION, 8) == ("Title",)
    assert heading_path(EXTRACTION, 28) == ("Title", "Sub")


def test_a_heading_ends_deeper_ones() -> None:
    headings = (Heading(0, 1, 1), Heading(1, 2, 3), Heading(2, 3, 2), Heading(3, 4, 2))
    extraction = Extraction(text="abcdef", layout=Layout(headings=headings), media_type="text/plain")
    assert heading_path(extraction, 5) == ("a", "d")


def test_a_text_without_pages_has_headings_only() -> None:
    extraction = Extraction(text=TEXT, layout=Layout(headings=(Heading(0, 5, 1),)), media_type="text/plain")
    assert place(extraction, 8, 12).pages == ()
    assert place(extraction, 8, 12).heading_path == ("Title",)
