"""Tables of PDF pages: cells in the right row and column, and no tables where there are none."""

import json
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle
from support.drawn_tables import ALONE, KINDS, draw_long_table, draw_tables
from support.grid_measure import cells_right, page_grids, pipe_tables

from footnote.modules.ingestion.extraction.pdf_tables import PageTable, page_tables
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, PdfWord, page_words

ENOUGH = 0.9  # of the cells in the right row and column
Paint = Callable[[Canvas], object]
PROSE = "and so it went on for the rest of the year until nobody could say any longer how it had begun"


def draw(path: Path, paint: Paint) -> Path:
    canvas = Canvas(str(path / "drawn.pdf"), pagesize=A4, invariant=1)
    paint(canvas)
    canvas.save()
    return path / "drawn.pdf"


def tables_of(path: Path) -> tuple[list[PageTable], list[PdfWord]]:
    """Of the first page, and all its words."""
    document = pdfium.PdfDocument(path)
    page = document[0]
    frame, text_page = PageFrame(page), page.get_textpage()
    words = page_words(text_page.raw, frame)
    return page_tables(page, words, frame), words


def lay(canvas: Canvas, cells: list[list[str]], *style: tuple[object, ...], x: float = 60, y: float = 500) -> None:
    table = Table(cells, style=TableStyle(list(style)))
    table.wrapOn(canvas, 400, 400)
    table.drawOn(canvas, x, y)


NUMBERS = [["Fruit", "Tons", "Price"], ["Apples", "1,200", "3.10"], ["Pears", "300", "4.20"], ["Plums", "75", "9.90"]]
NUMBERS += [["Quinces", "8", "12.00"]]
GRID = ("GRID", (0, 0), (-1, -1), 0.5, "black")


@pytest.mark.parametrize("kind", KINDS)
def test_cells_stand_in_their_row_and_column(tmp_path: Path, kind: str) -> None:
    right = total = 0
    for seed in range(4):
        drawn = draw_tables(tmp_path / "drawn.pdf", [kind] if kind in ALONE else [kind, kind], seed)
        pages = page_grids(drawn.path)
        for table in drawn.tables:
            found, cells = cells_right(table.grid, pages[table.page - 1])
            right, total = right + found, total + cells
    assert right >= ENOUGH * total


def test_tables_of_all_kinds_stand_in_one_document(tmp_path: Path) -> None:
    kinds = [kind for kind in KINDS if kind not in ALONE]
    drawn = draw_tables(tmp_path / "drawn.pdf", kinds, 7)
    pages = page_grids(drawn.path)
    assert sum(map(len, pages)) == len(kinds)
    scores = [cells_right(table.grid, pages[table.page - 1]) for table in drawn.tables]
    assert sum(right for right, _ in scores) >= ENOUGH * sum(total for _, total in scores)


def test_a_table_over_page_breaks_goes_on_in_the_same_columns(tmp_path: Path) -> None:
    drawn = draw_long_table(tmp_path / "drawn.pdf", 120, 1)
    pages = page_grids(drawn.path)
    right, total = cells_right(drawn.tables[0].grid, [[row for page in pages for row in page[0]]])
    assert len(pages) > 2
    assert right >= ENOUGH * total


def test_tables_of_real_files_are_found(shared_data: Path) -> None:
    folder = shared_data / "files" / "docling_pdf"
    right = total = 0
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        for table in pipe_tables((entry["expected"] or {}).get("expected_markdown") or ""):
            found, cells = cells_right(table, [grid for page in page_grids(folder / entry["file"]) for grid in page])
            right, total = right + found, total + cells
    assert right >= ENOUGH * total > 0


def test_a_statement_of_income_reads_as_rows_under_its_heads(shared_data: Path) -> None:
    path = shared_data / "retrieval" / "sec10q" / "files" / "2023 Q2 NVDA.pdf"
    (grid,) = page_grids(path)[2]
    periods = ["Three Months Ended"] * 2 + ["Six Months Ended"] * 2
    assert grid[:2] == [["", *periods], ["", "July 30, 2023", "July 31, 2022", "July 30, 2023", "July 31, 2022"]]
    assert ["Revenue", "$ 13,507", "$ 6,704", "$ 20,699", "$ 14,992"] in grid
    assert ["Operating expenses", "", "", "", ""] in grid
    assert grid[-1] == ["Diluted", "2,499", "2,516", "2,495", "2,526"]


def test_heads_are_told_from_values(tmp_path: Path) -> None:
    (table,), _ = tables_of(draw(tmp_path, lambda canvas: lay(canvas, NUMBERS, GRID)))
    assert table.header_rows == 1


def test_a_table_without_heads_has_none(tmp_path: Path) -> None:
    (table,), _ = tables_of(draw(tmp_path, lambda canvas: lay(canvas, NUMBERS[1:], GRID)))
    assert table.header_rows == 0


@pytest.mark.parametrize("style", [[GRID], []])
def test_a_cell_encloses_its_words(tmp_path: Path, style: list[tuple[object, ...]]) -> None:
    (table,), words = tables_of(draw(tmp_path, lambda canvas: lay(canvas, NUMBERS, *style)))
    for cell in table.cells:
        x0, y0, x1, y1 = cell.box
        for word in (word for line in cell.lines for word in line):
            assert any(word is other for other in words)
            assert x0 <= (word.box[0] + word.box[2]) / 2 <= x1
            assert y0 <= (word.box[1] + word.box[3]) / 2 <= y1


def test_a_head_over_two_columns_tells_its_span(tmp_path: Path) -> None:
    cells = [["", "Harvest", ""], *NUMBERS]
    span = ("SPAN", (1, 0), (2, 0))
    (table,), _ = tables_of(draw(tmp_path, lambda canvas: lay(canvas, cells, GRID, span)))
    head = next(cell for cell in table.cells if cell.lines and cell.lines[0][0].text == "Harvest")
    assert (head.row, head.column, head.row_span, head.column_span) == (0, 1, 1, 2)
    assert table.header_rows == 2


def test_heads_that_run_upwards_stand_in_their_columns(tmp_path: Path) -> None:
    def paint(canvas: Canvas) -> None:
        lay(canvas, [["", "", ""], *NUMBERS[1:]], GRID, ("TOPPADDING", (0, 0), (-1, 0), 80))
        canvas.rotate(90)
        canvas.drawString(578, -132, "Tons sold")
        canvas.drawString(578, -175, "Price each")

    (grid,) = page_grids(draw(tmp_path, paint))[0]
    assert grid == [["", "Tons sold", "Price each"], *NUMBERS[1:]]


def test_signs_in_cells_of_their_own_are_joined_to_their_numbers(tmp_path: Path) -> None:
    rows = [
        ["Sales", "$", "1,200", "", "12", "%"],
        ["Cost", "", "(300", ")", "3", "%"],
        ["Tax", "", "75", "", "(1", ")%"],
    ]
    rows += [["Rest", "$", "825", "", "8", "%"]]
    (grid,) = page_grids(draw(tmp_path, lambda canvas: lay(canvas, rows, GRID)))[0]
    assert grid[0] == ["Sales", "$ 1,200", "12 %"]
    assert grid[2] == ["Tax", "75", "(1 )%"]


def test_dots_lead_from_a_label_to_its_value(tmp_path: Path) -> None:
    rows = [[f"{name} {'.' * (40 - len(name))}", tons, price] for name, tons, price in NUMBERS[1:]]
    (grid,) = page_grids(draw(tmp_path, lambda canvas: lay(canvas, rows, ("LEFTPADDING", (1, 0), (1, -1), 0))))[0]
    assert [row[1:] for row in grid] == [row[1:] for row in NUMBERS[1:]]


def test_columns_of_nothing_are_dropped(tmp_path: Path) -> None:
    rows = [[first, "", *rest] for first, *rest in NUMBERS]
    (grid,) = page_grids(draw(tmp_path, lambda canvas: lay(canvas, rows, GRID)))[0]
    assert grid == NUMBERS


def test_rulings_in_forms_are_seen_where_they_are_drawn(tmp_path: Path) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.beginForm("table")
        lay(canvas, [["A b", "c"], ["d", "e f"], ["g", "h"]], GRID, x=0, y=0)
        canvas.endForm()
        canvas.translate(200, 300)
        canvas.scale(2, 2)
        canvas.doForm("table")

    (grid,) = page_grids(draw(tmp_path, paint))[0]
    assert grid == [["A b", "c"], ["d", "e f"], ["g", "h"]]


def prose_in_columns(canvas: Canvas) -> None:
    words = PROSE.split()
    for x in (50, 310):
        for index in range(30):
            canvas.drawString(x, 750 - 13 * index, " ".join(words[index % 5 : index % 5 + 8 + index % 3]))


def list_with_bullets(canvas: Canvas) -> None:
    for index in range(9):
        canvas.drawString(60, 700 - 16 * index, "•")
        canvas.drawString(80, 700 - 16 * index, PROSE[index : 30 + 7 * index])


def frame_around_prose(canvas: Canvas) -> None:
    canvas.rect(50, 550, 480, 200)
    canvas.line(50, 725, 530, 725)
    for index in range(12):
        canvas.drawString(60, 735 - 14 * index, PROSE[: 80 + index % 7])


def axes_of_a_figure(canvas: Canvas) -> None:
    canvas.line(100, 500, 100, 700)
    canvas.line(100, 500, 400, 500)
    for index in range(6):
        canvas.drawRightString(95, 500 + 38 * index, str(20 * index))
        canvas.drawCentredString(100 + 60 * index, 485, str(2010 + index))


def formulas(canvas: Canvas) -> None:
    for index in range(6):
        canvas.drawString(100 + 17 * index, 700 - 40 * index, "f(x) =")
        canvas.drawString(170 + 17 * index, 708 - 40 * index, f"a{index} + b")
        canvas.drawString(180 + 17 * index, 692 - 40 * index, "c")
        canvas.line(168 + 17 * index, 704 - 40 * index, 210 + 17 * index, 704 - 40 * index)


def contents(canvas: Canvas) -> None:
    for index, page in enumerate((3, 9, 14, 22, 23, 40, 41)):
        canvas.drawString(80, 700 - 15 * index, f"{PROSE[: 20 + 3 * index]} {'.' * (70 - 4 * index)}")
        canvas.drawRightString(520, 700 - 15 * index, str(page))


NO_TABLES = (prose_in_columns, list_with_bullets, frame_around_prose, axes_of_a_figure, formulas, contents)


@pytest.mark.parametrize("paint", NO_TABLES)
def test_what_is_no_table_is_none(tmp_path: Path, paint: Paint) -> None:
    assert page_grids(draw(tmp_path, paint)) == [[]]
