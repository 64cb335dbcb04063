"""OpenDocument texts, sheets and presentations."""

from collections.abc import Callable
from pathlib import Path

import pytest
from odf.opendocument import OpenDocumentText
from odf.style import Style
from odf.text import H, List, ListItem, ListLevelStyleBullet, ListLevelStyleNumber, ListStyle, P
from support.office_files import package, saved
from support.reading import read_file

from footnote.modules.ingestion.extraction.errors import PasswordProtected
from footnote.modules.ingestion.extraction.kinds import ODP, ODS, ODT

Write = Callable[[str, bytes], Path]
NAMESPACES = " ".join(f'xmlns:{name}="{name}"' for name in ("office", "text", "table", "draw", "svg", "presentation"))


def text(body: str) -> bytes:
    inner = f"<office:text>{body}</office:text>"
    return package({"content.xml": f"<office:c {NAMESPACES}><office:body>{inner}</office:body></office:c>"})


def sheet(rows: str) -> bytes:
    inner = f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
    return package({"content.xml": f"<office:c {NAMESPACES}><office:body>{inner}</office:body></office:c>"})


def test_headings_paragraphs_and_titles_come_in_order(write: Write) -> None:
    document = OpenDocumentText()
    document.styles.addElement(Style(name="Title", family="paragraph"))
    document.text.addElement(P(stylename="Title", text="Report"))
    document.text.addElement(H(outlinelevel=2, text="Results"))
    document.text.addElement(P(text="Words."))
    extraction = read_file(write("a.odt", saved(document)), ODT)
    assert extraction.text == "Report\n\nResults\n\nWords."
    assert [heading.level for heading in extraction.layout.headings] == [1, 2]


def test_lists_are_numbered_as_their_style_says(write: Write) -> None:
    document = OpenDocumentText()
    style = ListStyle(name="L")
    style.addElement(ListLevelStyleNumber(level=1, numformat="A", numsuffix=")", startvalue=3))
    style.addElement(ListLevelStyleBullet(level=2, bulletchar="•"))
    document.automaticstyles.addElement(style)
    outer, inner = List(stylename="L"), List()
    for words in ("first", "second"):
        item = ListItem()
        item.addElement(P(text=words))
        outer.addElement(item)
    deeper = ListItem()
    deeper.addElement(P(text="inside"))
    inner.addElement(deeper)
    item.addElement(inner)
    document.text.addElement(outer)
    assert read_file(write("a.odt", saved(document)), ODT).text == "C) first\nD) second\n  - inside"


def test_a_merged_cell_stands_in_every_slot_it_spans(write: Write) -> None:
    rows = (
        '<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>wide</text:p></table:table-cell>'
        "<table:covered-table-cell/></table:table-row>"
        "<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>"
    )
    extraction = read_file(write("a.odt", text(f"<table:table>{rows}</table:table>")), ODT)
    assert extraction.text == "| wide | wide |\n| a | b |"
    assert extraction.layout.tables[0].cells[0].column_span == 2


def test_a_note_follows_the_paragraph_that_refers_to_it(write: Write) -> None:
    source = "<text:note-body><text:p>Source</text:p></text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{source}</text:note>"
    assert read_file(write("a.odt", text(f"<text:p>Claim{note}.</text:p>")), ODT).text == "Claim[1].\n\n[1] Source"


def test_what_was_deleted_is_not_read(write: Write) -> None:
    gone = "<text:tracked-changes><text:deletion><text:p>old</text:p></text:deletion></text:tracked-changes>"
    assert read_file(write("a.odt", text(f"{gone}<text:p>new</text:p>")), ODT).text == "new"


def test_spaces_tabs_and_line_breaks_are_white_space(write: Write) -> None:
    body = "<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d</text:p>"
    assert read_file(write("a.odt", text(body)), ODT).text == "a b c\nd"


def test_repeated_columns_and_rows_are_bounded(write: Write) -> None:
    cell = '<table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="9">{cell}</table:table-row>'
    extraction = read_file(write("a.odt", text(f"<table:table>{row}</table:table>")), ODT)
    assert len(extraction.layout.tables[0].cells) == 9000


def cell(words: str = "", attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{words}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def test_cells_keep_the_rows_and_columns_of_the_sheet(write: Write) -> None:
    blank = '<table:table-cell table:number-columns-repeated="3"/>'
    rows = row(blank, attributes='table:number-rows-repeated="4"') + row(blank, cell("a"), cell("b"))
    (table,) = read_file(write("a.ods", sheet(rows)), ODS).layout.tables
    assert table.sheet == "S"
    assert [(cell.row, cell.column) for cell in table.cells] == [(4, 3), (4, 4)]


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('office:value-type="float" office:value="3.3000000000000003"', "3.3"),
        ('office:value-type="percentage" office:value="0.25"', "25%"),
        ('office:value-type="date" office:date-value="2024-01-02T03:04:05"', "2024-01-02 03:04:05"),
        ('office:value-type="time" office:time-value="PT12H30M00S"', "12:30:00"),
        ('office:value-type="boolean" office:boolean-value="true"', "TRUE"),
        ('office:value-type="string"', "words"),
    ],
)
def test_values_read_as_they_are_shown(write: Write, attributes: str, shown: str) -> None:
    extraction = read_file(write("a.ods", sheet(row(cell("words", attributes)))), ODS)
    assert extraction.text == f"S\n\n| {shown} |"


def test_a_cell_that_spans_in_a_sheet_is_repeated(write: Write) -> None:
    spanning = 'table:number-rows-spanned="2" table:number-columns-spanned="2"'
    rows = row(cell("wide", spanning), "<table:covered-table-cell/>", cell("c"))
    rows += row('<table:covered-table-cell table:number-columns-repeated="2"/>', cell("d"))
    assert read_file(write("a.ods", sheet(rows)), ODS).text == "S\n\n| wide | wide | c |\n| wide | wide | d |"


def test_empty_rows_without_end_are_nothing(write: Write) -> None:
    rows = row(cell("a")) + row("<table:table-cell/>", attributes='table:number-rows-repeated="1048575"')
    assert read_file(write("a.ods", sheet(rows)), ODS).text == "S\n\n| a |"


def test_a_long_text_is_not_repeated_across_the_sheet(write: Write) -> None:
    wide = cell("x" * 50_000, 'table:number-columns-repeated="16384"')
    assert len(read_file(write("a.ods", sheet(row(wide))), ODS).text) < 300_000


def test_rows_that_claim_to_stand_there_a_million_times_do_not(write: Write) -> None:
    boom = cell("boom", 'table:number-columns-repeated="16384"')
    rows = row(boom, attributes='table:number-rows-repeated="1048576"') * 3
    assert 3 <= read_file(write("a.ods", sheet(rows)), ODS).text.count("boom") < 60_000


def frame(words: str, top: int, kind: str = "") -> str:
    place = f'svg:x="1cm" svg:y="{top}cm" presentation:class="{kind}"'
    return f"<draw:frame {place}><draw:text-box><text:p>{words}</text:p></draw:text-box></draw:frame>"


def test_slides_have_titles_shapes_in_order_and_notes(write: Write) -> None:
    shapes = frame("below", 9) + frame("12", 10, "page-number") + frame("above", 4) + frame("Results", 1, "title")
    notes = f"<presentation:notes>{frame('Say hello', 1, 'notes')}</presentation:notes>"
    slides = f"<office:presentation><draw:page>{shapes}{notes}</draw:page></office:presentation>"
    content = f"<office:c {NAMESPACES}><office:body>{slides}</office:body></office:c>"
    extraction = read_file(write("a.odp", package({"content.xml": content})), ODP)
    assert extraction.text == "Slide 1: Results\n\nabove\n\nbelow\n\nNotes: Say hello"


def test_an_encrypted_file_asks_for_one_without_a_password(write: Write) -> None:
    manifest = '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    with pytest.raises(PasswordProtected):
        read_file(write("a.odt", package({"content.xml": b"\x00\x01", "META-INF/manifest.xml": manifest})), ODT)
