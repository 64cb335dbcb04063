"""Office files that mean harm, or that harm was done to."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.office_files import package, paragraph, word
from support.reading import read_file

from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected, TooExpensive, Unreadable
from footnote.modules.ingestion.extraction.kinds import DOCX, ODP, ODS, ODT, PPTX, XLSX

Write = Callable[[str, bytes], Path]
NAMES = {
    DOCX: "word/document.xml",
    PPTX: "ppt/presentation.xml",
    XLSX: "xl/workbook.xml",
    ODT: "content.xml",
    ODS: "content.xml",
    ODP: "content.xml",
}
KINDS = pytest.mark.parametrize("kind", NAMES)


@KINDS
def test_a_file_cut_short_is_damaged(write: Write, kind: str) -> None:
    with pytest.raises(DamagedFile):
        read_file(write("a", package({NAMES[kind]: "<a/>" * 100})[:60]), kind)


@KINDS
@pytest.mark.parametrize("content", ["<w:document", "not xml", ""])
def test_broken_xml_is_damage(write: Write, kind: str, content: str) -> None:
    with pytest.raises(DamagedFile):
        read_file(write("a", package({NAMES[kind]: content})), kind)


@KINDS
def test_another_archive_is_not_taken_for_the_document(write: Write, kind: str) -> None:
    with pytest.raises(DamagedFile):
        read_file(write("a", package({"readme.txt": "hello"})), kind)


@KINDS
def test_what_unpacks_to_more_than_allowed_is_refused(write: Write, kind: str) -> None:
    content = package({NAMES[kind]: b"<a>" + b" " * (1 << 20) + b"</a>"})
    with pytest.raises(TooExpensive):
        read_file(write("a", content), kind, max_unpacked_bytes=1 << 19)


def test_a_header_that_lies_about_the_size_does_not_help(write: Write) -> None:
    content = bytearray(word(paragraph("x" * (1 << 20))))
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, directory + 24, 100)  # the unpacked size
    with pytest.raises(Unreadable):
        read_file(write("a.docx", bytes(content)), DOCX, max_unpacked_bytes=1 << 19)


def test_what_unpacks_to_a_thousand_times_its_size_is_refused(write: Write) -> None:
    with pytest.raises(TooExpensive, match="attack"):
        read_file(write("a.docx", word(f"<!--{' ' * (1 << 20)}-->" * 80)), DOCX)


@KINDS
def test_entities_are_refused(write: Write, kind: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a><body><p>&y;</p></body></a>'
    with pytest.raises(DamagedFile, match="entities"):
        read_file(write("a", package({NAMES[kind]: bomb})), kind)


def test_an_external_entity_is_not_fetched(write: Write, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    bomb = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a><body><p><t>&x;</t></p></body></a>'
    with pytest.raises(DamagedFile, match="entities"):
        read_file(write("a", package({"word/document.xml": bomb})), DOCX)


def test_xml_nested_without_end_is_refused(write: Write) -> None:
    with pytest.raises(TooExpensive, match="deeper"):
        read_file(write("a.docx", word("<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000)), DOCX)


@pytest.mark.parametrize("depth", [20, 60, 120])
def test_deep_but_legal_nesting_is_read_or_refused(write: Write, depth: int) -> None:
    inner = paragraph("deep")
    for _ in range(depth):
        inner = f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    assert read_file(write("a.docx", word(inner)), DOCX).text == "deep"


@KINDS
def test_an_encrypted_file_asks_for_one_without_a_password(write: Write, kind: str) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)
    with pytest.raises(PasswordProtected):
        read_file(write("a", content), kind)


def test_a_zip_with_a_password_asks_for_one_without(write: Write) -> None:
    content = bytearray(word(paragraph("x")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    with pytest.raises(PasswordProtected):
        read_file(write("a.docx", bytes(content)), DOCX)


def test_macros_are_not_run_and_the_text_is_read(write: Write) -> None:
    path = write("a.docm", word(paragraph("plain")))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0macro")
    assert read_file(path, DOCX).text == "plain"
