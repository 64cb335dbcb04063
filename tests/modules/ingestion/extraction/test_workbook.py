"""Workbooks: sheets, the tables on them, and values as they are shown."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from support.office_files import package, saved
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.kinds import XLSX
from footnote.modules.ingestion.extraction.xlsx_formats import kind_of
from footnote.modules.ingestion.models import Extraction

Write = Callable[[str, bytes], Path]
Read = Callable[[openpyxl.Workbook], Extraction]


@pytest.fixture
def read(write: Write) -> Read:
    return lambda workbook: read_file(write("a.xlsx", saved(workbook)), XLSX)


def workbook(*rows: list[Any], start: int = 1) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, start):
        for column, value in enumerate(row, 1):
            book.active.cell(number, column, value)
    return book


def test_a_sheet_is_headed_by_its_name(read: Read) -> None:
    book = workbook(["a", "b"], [1, 2])
    book.create_sheet("Hidden", 1).append(["x"])
    book["Hidden"].sheet_state = "hidden"
    assert read(book).text == "Sheet\n\n| a | b |\n| 1 | 2 |\n\nHidden\n\n| x |"


def test_cells_keep_the_rows_and_columns_of_the_sheet(read: Read) -> None:
    book = openpyxl.Workbook()
    book.active["C4"], book.active["D4"], book.active["C5"] = "a", "b", 1
    (table,) = read(book).layout.tables
    assert table.sheet == "Sheet"
    assert [(cell.row, cell.column) for cell in table.cells] == [(3, 2), (3, 3), (4, 2), (4, 3)]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1.1 + 2.2, "General", "3.3"),
        (1e20, "General", "1e+20"),
        (0.255, "0%", "25.5%"),
        (datetime.datetime(2024, 1, 2), "yyyy-mm-dd", "2024-01-02"),  # noqa: DTZ001
        (datetime.datetime(2024, 1, 2, 3, 4, 5), "dd/mm/yy hh:mm", "2024-01-02 03:04:05"),  # noqa: DTZ001
        (datetime.time(12, 30), "hh:mm", "12:30:00"),
        (datetime.timedelta(hours=30), "[h]:mm:ss", "30:00:00"),
        (True, "General", "TRUE"),
        ("#DIV/0!", "General", "#DIV/0!"),
        ("two\nlines", "General", "two lines"),
    ],
)
def test_values_read_as_they_are_shown(read: Read, value: Any, form: str, shown: str) -> None:
    book = workbook([value])
    book.active["A1"].number_format = form
    assert read(book).text == f"Sheet\n\n| {shown} |"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ('#,##0 "days"', "number"),
        ("[Red]0.00", "number"),
        ("General", "number"),
        ("mmm", "date"),
        ("[$-409]d/m/yy h:mm AM/PM", "moment"),
        ("mm:ss", "time"),
        ("[mm]:ss", "duration"),
        ("0.0%;-0.0%", "percent"),
    ],
)
def test_formats_tell_what_a_number_is(code: str, kind: str) -> None:
    assert kind_of(code) == kind


def test_a_merged_cell_stands_in_every_slot_it_spans(read: Read) -> None:
    book = workbook(["year", "sales", None], [None, "north", "south"], [2024, 1, 2])
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    extraction = read(book)
    assert extraction.text == "Sheet\n\n| year | sales | sales |\n| year | north | south |\n| 2024 | 1 | 2 |"
    kinds = [block.kind for block in extraction.layout.blocks]
    assert kinds == ["heading", "table_header", "table_header", "table_row"]
    assert extraction.layout.tables[0].cells[1].column_span == 2


def test_tables_with_blank_cells_between_are_told_apart(read: Read) -> None:
    book = workbook(["a", "b", None, "c"], [1, 2, None, 3], [], ["d"], [4])
    assert read(book).text == "Sheet\n\n| a | b |\n| 1 | 2 |\n\n| c |\n| 3 |\n\n| d |\n| 4 |"


def test_a_title_stands_apart_from_its_table(read: Read) -> None:
    book = workbook(["Prices of fruit"], ["name", "price"], ["pear", 1])
    book.active.merge_cells("A1:B1")
    extraction = read(book)
    assert extraction.text == "Sheet\n\n| Prices of fruit |\n\n| name | price |\n| pear | 1 |"
    assert extraction.layout.tables[0].cells[0].column_span == 2


def test_rows_below_a_blank_one_stay_below_their_header(read: Read) -> None:
    extraction = read(workbook(["name", "price"], ["pear", 1], [], ["plum", 2], ["fig", 3]))
    assert [block.kind for block in extraction.layout.blocks].count("table_header") == 1


def test_comments_follow_the_sheet(read: Read) -> None:
    book = workbook(["a"])
    book.active["A1"].comment = Comment("Why?", "Ann")
    assert read(book).text == "Sheet\n\n| a |\n\nComment on A1 by Ann: Why?"


def test_a_formula_without_a_result_is_told(read: Read) -> None:
    extraction = read(workbook(["sum", "=1+1"]))
    assert extraction.text == "Sheet\n\n| sum |"
    assert "formulas" in extraction.warnings[0]


def test_a_long_sheet_comes_in_parts_that_repeat_its_header(write: Write, tmp_path: Path) -> None:
    book = workbook(["name", "price", "stock"], *(["pear", number, 7] for number in range(12_000)))
    parts = list(extract(write("a.xlsx", saved(book)), XLSX, Context(tmp_path)))
    tables = [table for part in parts for table in part.layout.tables]
    assert [part.layout.blocks[part.text.startswith("Sheet")].kind for part in parts] == ["table_header"] * 3
    assert [table.cells[0].row for table in tables] == [0, 0, 0]
    assert tables[-1].cells[-1].row == 12_000
    assert sum(len(table.cells) for table in tables) == 3 * (12_001 + 2)


def sheet(rows: str, **parts: str) -> bytes:
    relation = "http://x/relationships"
    return package(
        {
            "xl/workbook.xml": f'<workbook xmlns:r="{relation}"><sheets><sheet name="S" r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Type="x/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData>{parts.get('after', '')}</worksheet>",
        }
    )


def test_cells_far_apart_take_no_room(write: Write) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    extraction = read_file(write("a.xlsx", sheet(rows)), XLSX)
    assert extraction.text == "S\n\n| 1 |\n\n| 2 |"
    assert extraction.layout.tables[1].cells[0].column == 16_383


def test_a_merge_of_the_whole_sheet_is_not_repeated(write: Write) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in (1, 2))
    after = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert read_file(write("a.xlsx", sheet(rows, after=after)), XLSX).text == "S\n\n| 1 |\n| 2 |"


def test_rows_that_are_only_formatted_are_nothing(write: Write) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(2, 50_000))
    extraction = read_file(write("a.xlsx", sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + rows)), XLSX)
    assert extraction.text == "S\n\n| 1 |"


def test_a_binary_workbook_is_asked_for_in_another_form(write: Write) -> None:
    with pytest.raises(DamagedFile, match="XLSB"):
        read_file(write("a.xlsb", package({"xl/workbook.bin": b"\x00"})), XLSX)
