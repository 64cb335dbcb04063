"""Word files: paragraphs, lists and tables in document order."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from support.office_files import in_list, package, paragraph, saved, word
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction.kinds import DOCX
from footnote.modules.ingestion.models import Extraction

Write = Callable[[str, bytes], Path]
Read = Callable[[bytes], Extraction]


@pytest.fixture
def read(write: Write) -> Read:
    return lambda content: read_file(write("a.docx", content), DOCX)


def report() -> docx.document.Document:
    document = docx.Document()
    document.core_properties.title = "Annual report"
    document.add_heading("Report", 0)
    document.add_heading("Results", 1)
    document.add_paragraph("First point", "List Bullet")
    table = document.add_table(2, 2)
    for cell, words in zip((cell for row in table.rows for cell in row.cells), ("a", "b", "1", "2"), strict=True):
        cell.text = words
    document.add_paragraph("After the table.\tEnd.")
    return document


def test_parts_come_in_document_order(read: Read) -> None:
    extraction = read(saved(report()))
    assert extraction.text == "Report\n\nResults\n\n- First point\n\n| a | b |\n| 1 | 2 |\n\nAfter the table. End."
    assert extraction.title == "Annual report"


def test_styles_tell_the_headings(read: Read) -> None:
    extraction = read(saved(report()))
    levels = [(extraction.text[h.start : h.end], h.level) for h in extraction.layout.headings]
    assert levels == [("Report", 1), ("Results", 1)]


@pytest.mark.parametrize("name", ["Überschrift 2", "Titre 2", "Заголовок 2", "标题 2", "heading 2"])
def test_a_heading_style_may_be_named_in_another_language(read: Read, name: str) -> None:
    styles = f'<w:style w:styleId="x"><w:name w:val="{name}"/></w:style>'
    extraction = read(word(paragraph("Results", '<w:pStyle w:val="x"/>'), styles=styles))
    assert [heading.level for heading in extraction.layout.headings] == [2]


def test_a_merged_cell_stands_in_every_row_and_column_it_spans(read: Read) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "wide"
    table.cell(2, 0).text = "low"
    table.cell(0, 2).text = "right"
    extraction = read(saved(document))
    assert extraction.text == "| wide | wide | right |\n| wide | wide |  |\n| low |  |  |"
    first = extraction.layout.tables[0].cells[0]
    assert (first.row_span, first.column_span) == (2, 2)


def test_the_first_row_of_a_table_heads_it_where_its_look_says_so(read: Read) -> None:
    kinds = [block.kind for block in read(saved(report())).layout.blocks]
    assert kinds[-3:-1] == ["table_header", "table_row"]


def test_a_table_inside_a_cell_is_read_once(read: Read) -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "outer"
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in", "side"
    assert read(saved(document)).text == "| outer | in side |"


def test_a_table_of_one_cell_is_a_frame_around_text(read: Read) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "first"
    cell.add_paragraph("second")
    assert read(saved(document)).text == "first\n\nsecond"


def level(number: int, text: str, kind: str = "decimal") -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'


LISTS = (
    f'<w:abstractNum w:abstractNumId="0">{level(0, "%1.")}{level(1, "%1.%2)", "lowerLetter")}'
    f"{level(2, '§ %3', 'upperRoman')}</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
)


def items(read: Read, *body: str) -> list[str]:
    extraction = read(word("".join(body), numbering=LISTS))
    return [extraction.text[block.start : block.end] for block in extraction.layout.blocks]


def test_list_items_carry_the_numbers_that_word_shows(read: Read) -> None:
    body = [in_list("a", 1), in_list("b", 1, 1), in_list("c", 1, 1), in_list("d", 1, 2), in_list("e", 1)]
    assert items(read, *body) == ["1. a", "1.a) b", "1.b) c", "§ I d", "2. e"]


def test_a_deeper_level_begins_anew_below_each_item(read: Read) -> None:
    body = [in_list("a", 1), in_list("b", 1, 1), in_list("c", 1), in_list("d", 1, 1)]
    assert items(read, *body) == ["1. a", "1.a) b", "2. c", "2.a) d"]


def test_lists_of_one_definition_go_on_unless_they_say_where_they_start(read: Read) -> None:
    body = [in_list("a", 1), in_list("b", 2), in_list("c", 3), in_list("d", 3)]
    assert items(read, *body) == ["1. a", "2. b", "7. c", "8. d"]


def test_a_skipped_level_counts(read: Read) -> None:
    assert items(read, in_list("a", 1, 1), in_list("b", 1)) == ["1.a) a", "2. b"]


def test_what_was_inserted_is_read_and_what_was_deleted_is_not(read: Read) -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>"
    )
    assert read(word(body)).text == "new"


def test_check_boxes_show_whether_they_are_ticked(read: Read) -> None:
    box = '<w:sdt><w:sdtPr><w:checkbox><w:checked w:val="{}"/></w:checkbox></w:sdtPr><w:sdtContent/></w:sdt>'
    body = "".join(f"<w:p>{box.format(state)}<w:r><w:t> {state}</w:t></w:r></w:p>" for state in (1, 0))
    assert read(word(body)).text == "[x] 1\n\n[ ] 0"


def test_a_footnote_follows_the_paragraph_that_refers_to_it(read: Read) -> None:
    body = '<w:p><w:r><w:t>Claim</w:t><w:footnoteReference w:id="5"/></w:r></w:p>' + paragraph("Next")
    notes = f'<w:footnote w:id="5">{paragraph("Source")}</w:footnote>'
    assert read(word(body, footnotes=notes)).text == "Claim[1]\n\n[1] Source\n\nNext"


def test_a_comment_names_its_author(read: Read) -> None:
    body = '<w:p><w:r><w:t>Claim</w:t><w:commentReference w:id="0"/></w:r></w:p>'
    comments = f'<w:comment w:id="0" w:author="Ann">{paragraph("Really?")}</w:comment>'
    assert read(word(body, comments=comments)).text == "Claim\n\nComment by Ann: Really?"


def test_a_text_box_is_read_once(read: Read) -> None:
    box = f"<w:txbxContent>{paragraph('boxed')}</w:txbxContent>"
    choice = f"<AlternateContent><Choice>{box}</Choice><Fallback>{box}</Fallback></AlternateContent>"
    assert read(word(f"<w:p><w:r><w:t>before</w:t>{choice}</w:r></w:p>")).text == "before\n\nboxed"


def test_an_equation_reads_in_its_linear_form(read: Read) -> None:
    root = "<m:rad><m:deg/><m:e><m:r><m:t>b</m:t></m:r></m:e></m:rad>"
    square = "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    fraction = f"<m:f><m:num>{root}</m:num><m:den>{square}</m:den></m:f>"
    assert read(word(f'<w:p><m:oMath xmlns:m="m">{fraction}</m:oMath></w:p>')).text == "(√b)/(x^2)"


def test_code_keeps_its_lines_together(read: Read) -> None:
    styles = '<w:style w:styleId="c"><w:name w:val="Source Code"/></w:style>'
    code = "".join(paragraph(line, '<w:pStyle w:val="c"/>') for line in ("if a:", "    b()"))
    extraction = read(word(code, styles=styles))
    assert extraction.text == "if a:\n    b()"
    assert [block.kind for block in extraction.layout.blocks] == ["code"]


def test_the_text_of_a_picture_is_read_unless_it_is_a_file_name(read: Read) -> None:
    picture = '<w:p><w:r><w:drawing><wp:docPr xmlns:wp="p" descr="{}"/></w:drawing></w:r></w:p>'
    body = picture.format("A map of Bern") + picture.format("C:\\my maps\\b.png")
    assert read(word(body)).text == "[Image: A map of Bern]"


def test_embedded_files_are_named_and_not_read(read: Read) -> None:
    parts = {"word/document.xml": word_document("x"), "word/embeddings/Plan.xlsx": b"PK"}
    assert read(package(parts)).warnings == ("Files embedded in this one were not read: Plan.xlsx.",)


def test_a_long_file_comes_in_parts(write: Write, tmp_path: Path) -> None:
    body = "".join(paragraph(f"{number} " + "x" * 9000) for number in range(50))
    parts = list(extract(write("a.docx", word(body)), DOCX, Context(tmp_path)))
    assert [len(part.layout.blocks) for part in parts] == [23, 23, 4]


def word_document(words: str) -> str:
    return f'<w:document xmlns:w="w"><w:body>{paragraph(words)}</w:body></w:document>'
