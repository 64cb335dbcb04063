"""Canonical text built block by block: tables with their cells, and parts."""

from footnote.modules.ingestion.extraction.composer import MAX_PART, Composer
from footnote.modules.ingestion.extraction.grid import MAX_COLUMNS, MAX_REPEATED, Slot, placed
from footnote.modules.ingestion.extraction.kinds import PLAIN
from footnote.modules.ingestion.models import Cell, Extraction


def built(rows: list[list[Slot | str]], headers: int = 0) -> Extraction:
    composer = Composer()
    composer.table(rows, headers=headers)
    return composer.build(PLAIN)


def words(extraction: Extraction, cell: Cell) -> str:
    return extraction.text[cell.start : cell.end]


def test_a_table_is_written_as_rows_between_pipes() -> None:
    extraction = built([["a", "b"], ["1", ""]], headers=1)
    assert extraction.text == "| a | b |\n| 1 |  |"
    assert [block.kind for block in extraction.layout.blocks] == ["table_header", "table_row"]


def test_cells_know_their_words_rows_and_columns() -> None:
    extraction = built([["a", "b"], ["1", "two words"]])
    (table,) = extraction.layout.tables
    assert (table.start, table.end) == (0, len(extraction.text))
    found = [(words(extraction, cell), cell.row, cell.column) for cell in table.cells]
    assert found == [("a", 0, 0), ("b", 0, 1), ("1", 1, 0), ("two words", 1, 1)]


def test_a_cell_that_spans_stands_in_every_row_and_column_it_covers() -> None:
    extraction = built([[Slot("a", 2, 2), "b"], ["c"]])
    assert extraction.text == "| a | a | b |\n| a | a | c |"
    spans = [(cell.row_span, cell.column_span) for cell in extraction.layout.tables[0].cells]
    assert spans == [(2, 2), *[(1, 1)] * 5]


def test_an_empty_row_is_left_out_but_counts() -> None:
    extraction = built([["a"], [""], ["b"]])
    assert extraction.text == "| a |\n| b |"
    assert [cell.row for cell in extraction.layout.tables[0].cells] == [0, 2]


def test_a_table_of_nothing_is_none() -> None:
    assert built([["", " "]]).layout.tables == ()


def test_line_ends_inside_a_cell_become_spaces() -> None:
    assert built([["a\nb", "c\n\nd"]]).text == "| a b | c d |"


def test_two_tables_stand_apart() -> None:
    composer = Composer()
    composer.table([["a"]])
    composer.table([["b"]])
    extraction = composer.build(PLAIN)
    assert extraction.text == "| a |\n\n| b |"
    assert [(table.start, table.end) for table in extraction.layout.tables] == [(0, 5), (7, 12)]


def test_cells_of_a_sheet_keep_its_numbers() -> None:
    composer = Composer()
    composer.grid([[Slot("a")], [Slot("b")]], sheet="Prices", numbers=[4, 7], column=2)
    (table,) = composer.build(PLAIN).layout.tables
    assert table.sheet == "Prices"
    assert [(cell.row, cell.column) for cell in table.cells] == [(4, 2), (7, 2)]


def test_a_full_composer_goes_on_with_a_new_part() -> None:
    composer = Composer()
    composer.block("x" * MAX_PART)
    assert composer.is_full
    assert len(composer.build(PLAIN).text) == MAX_PART
    composer.block("rest")
    assert not composer.is_full
    assert composer.build(PLAIN).text == "rest"


def test_rows_of_unequal_length_are_filled_up() -> None:
    assert placed([["a"], ["b", "c"]]) == [[Slot("a"), Slot("")], [Slot("b"), Slot("c")]]


def test_absurd_spans_are_cut() -> None:
    grid = placed([[Slot("x" * 1000, 1 << 30, 1 << 30)], *[[] for _ in range(5)]])
    assert grid[0][0][1:] == (6, MAX_COLUMNS)
    assert sum(len(slot.text) for row in grid for slot in row) <= MAX_REPEATED + 1000
