"""From a span of the text to pages, boxes and headings."""

import pytest

from footnote.modules.ingestion.models import (
    Block,
    Cell,
    Extraction,
    Heading,
    Layout,
    Moment,
    Outer,
    Page,
    Table,
    Word,
)
from footnote.modules.ingestion.places import heading_path, place
from footnote.modules.retrieval import Box, Cells

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


def test_a_word_that_was_cut_at_a_lines_end_has_two_boxes() -> None:
    words = (Word(0, 4, 1, 70, 10, 95, 20), Word(4, 7, 1, 10, 22, 30, 32), Word(8, 10, 1, 33, 22, 40, 32))
    extraction = Extraction(text="example is", layout=Layout(words=words), media_type="application/pdf")
    boxes = place(extraction, 0, 10).boxes
    assert [(box.x0, box.y0, box.x1, box.y1) for box in boxes] == [(70, 10, 95, 20), (10, 22, 40, 32)]


def test_words_of_a_line_that_runs_upwards_share_a_box() -> None:
    words = (Word(0, 7, 1, 10, 50, 20, 90), Word(8, 12, 1, 10, 20, 20, 47))
    extraction = Extraction(text="running upon", layout=Layout(words=words), media_type="application/pdf")
    assert len(place(extraction, 0, 12).boxes) == 1


def test_lines_of_a_cell_have_boxes_of_their_own() -> None:
    words = (Word(2, 7, 1, 10, 10, 40, 20), Word(8, 13, 1, 10, 22, 40, 32), Word(16, 17, 1, 60, 10, 65, 20))
    extraction = Extraction(text="| gross sales | 7 |", layout=Layout(words=words), media_type="application/pdf")
    assert len(place(extraction, 0, 13).boxes) == 2


def test_headings_of_earlier_parts_hold_until_one_ends_them() -> None:
    layout = Layout(outer=(Outer("Part", 1), Outer("Chapter", 2)), headings=(Heading(6, 10, 2), Heading(12, 16, 3)))
    extraction = Extraction(text="Body\n Next\n More", layout=layout, media_type="application/pdf")
    assert heading_path(extraction, 0) == ("Part", "Chapter")
    assert heading_path(extraction, 6) == ("Part", "Next")
    assert heading_path(extraction, 12) == ("Part", "Next", "More")


SHEET = Table(
    0,
    36,
    (
        Cell(2, 3, 1, 1, row_span=2),
        Cell(6, 7, 1, 2),
        Cell(10, 11, 1, 26),
        Cell(18, 19, 2, 1),
        Cell(22, 22, 2, 2),
        Cell(25, 26, 2, 26),
    ),
    sheet="Costs",
)


@pytest.mark.parametrize(
    ("start", "end", "cells"),
    [(0, 16, "B2:AA3"), (6, 11, "C2:AA2"), (10, 11, "AA2"), (22, 24, None), (18, 26, "B3:AA3"), (3, 5, None)],
)
def test_a_span_of_a_sheet_names_its_cells(start: int, end: int, cells: str | None) -> None:
    extraction = Extraction(text="", layout=Layout(tables=(SHEET,)), media_type="text/csv")
    assert place(extraction, start, end).cells == ((Cells(sheet="Costs", range=cells),) if cells else ())


def test_a_table_that_is_on_no_sheet_has_no_ranges() -> None:
    table = Table(0, 36, SHEET.cells)
    assert place(Extraction(text="", layout=Layout(tables=(table,)), media_type="text/html"), 0, 30).cells == ()


def test_each_table_that_a_span_touches_has_a_range() -> None:
    tables = (Table(0, 5, (Cell(2, 3, 0, 0),), "One"), Table(7, 12, (Cell(9, 10, 4, 1),), "Two"))
    extraction = Extraction(text="", layout=Layout(tables=tables), media_type="text/csv")
    assert [cells.range for cells in place(extraction, 0, 12).cells] == ["A1", "B5"]


def test_what_is_spoken_has_its_time() -> None:
    moments = (Moment(0, 5, 0.0, 2.5), Moment(7, 12, 2.5, 4.0), Moment(14, 20, 4.5, 6.0))
    extraction = Extraction(text="", layout=Layout(moments=moments), media_type="text/vtt")
    assert place(extraction, 3, 8).seconds == (0.0, 4.0)
    assert place(extraction, 5, 7).seconds is None
