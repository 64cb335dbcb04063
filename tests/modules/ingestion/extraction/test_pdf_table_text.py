"""PDF: tables in the text, at their place, with the cells' boxes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle
from support.reading import read_file

from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.models import Extraction

Draw = Callable[..., Path]
CELLS = [
    ["Country", "Town", "People"],
    ["Lowland", "Alpha", "1,200"],
    ["", "Beta of a longer exam-\nple", "300"],
    ["Upland", "Gamma", "75"],
    ["Midland", "Delta", "8"],
]


@pytest.fixture
def extraction(draw: Draw) -> Extraction:
    """A ruled table between two paragraphs, drawn after both; Lowland spans two rows."""

    def paint(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "What stands above the table is a paragraph.")
        canvas.drawString(60, 400, "What stands below the table is another one.")
        table = Table(CELLS, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("SPAN", (0, 1), (0, 2))]))
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 60, 500)

    return read_file(draw(paint), PDF)


def test_a_table_stands_between_what_is_above_and_below_it(extraction: Extraction) -> None:
    above, *rows, below = extraction.text.split("\n\n")
    assert above.startswith("What stands above")
    assert "\n".join(rows).count("\n") == 4
    assert below.startswith("What stands below")


def test_each_row_is_a_block_and_repeats_what_spans_it(extraction: Extraction) -> None:
    texts = [extraction.text[each.start : each.end] for each in extraction.layout.blocks if "table" in each.kind]
    assert texts == [
        "| Country | Town | People |",
        "| Lowland | Alpha | 1,200 |",
        "| Lowland | Beta of a longer example | 300 |",
        "| Upland | Gamma | 75 |",
        "| Midland | Delta | 8 |",
    ]


def test_cells_know_their_rows_and_spans(extraction: Extraction) -> None:
    (table,) = extraction.layout.tables
    found = [(extraction.text[cell.start : cell.end], cell.row, cell.row_span) for cell in table.cells[3:9:3]]
    assert found == [("Lowland", 1, 2), ("Lowland", 2, 1)]
    assert table.cells[3].box == table.cells[6].box


def test_the_words_of_a_cell_stand_in_its_box(extraction: Extraction) -> None:
    (table,) = extraction.layout.tables
    for cell in table.cells:
        words = [word for word in extraction.layout.words if cell.start <= word.start < cell.end]
        assert cell.box
        assert words
        page, x0, y0, x1, y1 = cell.box
        assert all(word.page == page and x0 <= word.x0 < word.x1 <= x1 for word in words)
        assert all(y0 < (word.y0 + word.y1) / 2 < y1 for word in words)
