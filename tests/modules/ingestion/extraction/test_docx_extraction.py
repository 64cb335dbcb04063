"""Word files: paragraphs, lists and tables in document order."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from footnote.modules.ingestion.extraction import docx as reader
from footnote.modules.ingestion.extraction import extract
from footnote.modules.ingestion.extraction.errors import DamagedFile, TooExpensive
from footnote.modules.ingestion.extraction.sniff import DOCX

Write = Callable[[str, bytes], Path]


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


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


def test_parts_come_in_document_order(write: Write) -> None:
    extraction = extract(write("a.docx", saved(report())), DOCX)
    assert extraction.text == "Report\n\nResults\n\n- First point\na | b\n1 | 2\n\nAfter the table. End."
    assert extraction.title == "Annual report"


def test_styles_tell_the_headings(write: Write) -> None:
    extraction = extract(write("a.docx", saved(report())), DOCX)
    levels = [(extraction.text[h.start : h.end], h.level) for h in extraction.layout.headings]
    assert levels == [("Report", 1), ("Results", 1)]


def test_a_table_inside_a_cell_is_read_once(write: Write) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "outer"
    cell.add_table(1, 1).cell(0, 0).text = "inner"
    assert extract(write("a.docx", saved(document)), DOCX).text == "outer inner"


def test_a_file_cut_short_is_damaged(write: Write) -> None:
    with pytest.raises(DamagedFile):
        extract(write("a.docx", saved(report())[:5000]), DOCX)


@pytest.mark.parametrize("document", [b"<w:document", b"not xml", b""])
def test_broken_xml_is_damage(write: Write, document: bytes) -> None:
    with pytest.raises(DamagedFile):
        extract(write("a.docx", archive(document)), DOCX)


def test_a_file_that_unpacks_to_too_much_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MAX_UNPACKED", 1 << 20)
    with pytest.raises(TooExpensive):
        extract(write("a.docx", archive(b"<a>" + b" " * (1 << 20) + b"</a>")), DOCX)


def test_entities_are_not_expanded(write: Write) -> None:
    bomb = b"<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'>]><p><t>before &x; after</t></p>"
    assert "xxx" not in extract(write("a.docx", archive(bomb)), DOCX).text


def archive(document: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", document)
    return buffer.getvalue()
