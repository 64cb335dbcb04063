"""CSV and TSV: delimiters, quotes, encodings, and rows that are not as long as they should be."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction.delimited import delimiter_of
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.kinds import CSV, TSV
from footnote.modules.ingestion.models import Extraction

Write = Callable[[str, str | bytes], Path]
Read = Callable[[str | bytes], Extraction]


@pytest.fixture
def read(write: Write) -> Read:
    return lambda content: read_file(write("a.csv", content), CSV)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(read: Read, delimiter: str) -> None:
    lines = (("name", "price"), ("pear", "1.50"), ('"a,b;c|d\te"', "2"))
    extraction = read("\n".join(delimiter.join(line) for line in lines))
    assert extraction.text == "| name | price |\n| pear | 1.50 |\n| a,b;c|d e | 2 |"
    assert extraction.media_type == (TSV if delimiter == "\t" else CSV)


def test_commas_in_numbers_do_not_outvote_semicolons() -> None:
    assert delimiter_of(["a;b;c", "1,5;2,5;3,5", "1,5;2,5;3,5"]) == ";"


def test_the_delimiter_may_be_stated(read: Read) -> None:
    assert read("sep=;\na,b;c\n1,2;3").text == "| a,b | c |\n| 1,2 | 3 |"


def test_a_header_of_words_is_told_from_rows_of_numbers(read: Read) -> None:
    assert [block.kind for block in read("a,b\n1,2").layout.blocks] == ["table_header", "table_row"]
    assert [block.kind for block in read("1,2\n3,4").layout.blocks] == ["table_row", "table_row"]


def test_digits_without_end_are_no_number(read: Read) -> None:
    assert read(f"name,{'1' * 100_000}x\npear,2").layout.blocks[0].kind == "table_header"


def test_years_may_head_columns(read: Read) -> None:
    assert read("region,2023,2024\nnorth,1,2").layout.blocks[0].kind == "table_header"


def test_rows_of_unequal_length_are_kept_whole(read: Read) -> None:
    assert read("a,b\n1\n1,2,3").text == "| a | b |  |\n| 1 |  |  |\n| 1 | 2 | 3 |"


def test_an_empty_column_does_not_cut_the_table(read: Read) -> None:
    assert read("a,,b\n1,,2").text == "| a |  | b |\n| 1 |  | 2 |"


def test_a_value_may_hold_line_ends(read: Read) -> None:
    assert read('a,b\n"one\ntwo",3').text == "| a | b |\n| one two | 3 |"


def test_a_quotation_mark_inside_a_value_is_kept(read: Read) -> None:
    assert read('a,b\n"say ""hi""",6\'2"').text == '| a | b |\n| say "hi" | 6\'2" |'


def test_formulas_are_text(read: Read) -> None:
    assert read("a,b\n=1+1,@x").text == "| a | b |\n| =1+1 | @x |"


def test_cells_count_from_the_top_of_the_file(read: Read) -> None:
    (table,) = read("a,b\n\n1,2").layout.tables
    assert [(cell.row, cell.column) for cell in table.cells] == [(0, 0), (0, 1), (2, 0), (2, 1)]
    assert table.sheet == ""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_encodings_are_found(read: Read, encoding: str) -> None:
    content = "Straße;Größe\nKöln;groß\n" + "Fußgänger überqueren möglichst schöne Straßen;ä\n" * 5
    assert read(content.encode(encoding)).text.startswith("| Straße | Größe |\n| Köln | groß |")


def test_every_part_of_a_long_file_begins_with_the_header(write: Write, tmp_path: Path) -> None:
    path = write("a.csv", "name,price\n" + "".join(f"pear,{number}\n" for number in range(12_000)))
    parts = list(extract(path, CSV, Context(tmp_path)))
    assert [part.text[:16] for part in parts] == ["| name | price |"] * 3
    assert [part.layout.blocks[0].kind for part in parts] == ["table_header"] * 3
    assert sum(len(part.layout.blocks) for part in parts) == 12_000 + 3
    assert parts[2].layout.tables[0].cells[0].row == 0
    assert parts[2].layout.tables[0].cells[-1].row == 12_000


def test_a_quotation_that_never_ends_is_damage(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footnote.modules.ingestion.extraction.delimited._MAX_FIELD", 1000)
    with pytest.raises(DamagedFile, match="quotation"):
        read('a,b\n"' + "x" * 2000)
