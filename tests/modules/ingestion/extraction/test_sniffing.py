"""The kind of a file is what its bytes say."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from support.archives import compound, package, zipped

from footnote.modules.ingestion.extraction import SUPPORTED, kinds, sniff
from footnote.modules.ingestion.extraction.errors import EmptyFile, PasswordProtected
from footnote.modules.ingestion.extraction.kinds import UNKNOWN

Write = Callable[[str, str | bytes], Path]

MAIL = "From: a@example.org\nTo: b@example.org\nSubject: Hello\n\nText"
SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello\n"
ROWS = "name,age,town\nAnn,3,Rome\nBob,4,Oslo\nCy,5,Bonn\n"


def picture(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, form)
    return buffer.getvalue()


def office(part: str) -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": "<R/>", part: "<x/>" * 50})


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", picture("PNG"), kinds.PNG),
        ("a.txt", picture("JPEG"), kinds.JPEG),
        ("a.png", picture("TIFF"), kinds.TIFF),
        ("a", picture("WEBP"), kinds.WEBP),
        ("a", picture("BMP"), kinds.BMP),
        ("a", picture("GIF"), kinds.GIF),
        ("a.png", b"%PDF-1.7\n", kinds.PDF),
        ("a.txt.pdf", b"junk before\n%PDF-1.4\n", kinds.PDF),
        ("a.pdf", b"lost its header\n1 0 obj\n<<>>", kinds.PDF),
        ("a.wav", b"RIFF\x00\x00\x00\x00WAVEfmt ", kinds.WAV),
        ("a.doc", b"ID3\x04\x00" + bytes(20), kinds.MP3),
        ("a", b"\xff\xfb\x90\x44" + bytes(400), kinds.MP3),
        ("a", b"\xff\xe3\xf0\x44" + bytes(400), UNKNOWN),  # a bit rate that there is not
        ("a", b"fLaC\x00\x00\x00\x22", kinds.FLAC),
        ("a", b"OggS\x00\x02" + bytes(20), kinds.OGG),
        ("a", b"\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00", kinds.M4A),
        ("a", b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", kinds.M4A),
        ("a.m4a", b"\x00\x00\x00\x20ftypheic\x00\x00\x02\x00", UNKNOWN),
        ("a.txt", bytes(range(256)) * 4, UNKNOWN),
        ("a.docx", b"\x7fELF\x02\x01\x01" + bytes(99), UNKNOWN),
    ],
)
def test_what_is_not_text_shows_by_its_first_bytes(write: Write, name: str, content: bytes, media_type: str) -> None:
    assert sniff(write(name, content), name) == media_type


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (office("word/document.xml"), kinds.DOCX),
        (office("word/document2.xml"), kinds.DOCX),
        (office("xl/workbook.bin"), kinds.XLSX),
        (office("ppt/presentation.xml"), kinds.PPTX),
        (office("visio/document.xml"), UNKNOWN),
        (package("application/vnd.oasis.opendocument.text", {"content.xml": "<x/>"}), kinds.ODT),
        (package("application/vnd.oasis.opendocument.text-template", {"content.xml": "<x/>"}), kinds.ODT),
        (package("application/vnd.oasis.opendocument.spreadsheet", {"content.xml": "<x/>"}), kinds.ODS),
        (package("application/vnd.oasis.opendocument.presentation", {"content.xml": "<x/>"}), kinds.ODP),
        (package("application/vnd.oasis.opendocument.graphics", {"content.xml": "<x/>"}), UNKNOWN),
        (package("application/epub+zip", {"META-INF/container.xml": "<x/>"}), kinds.EPUB),
        (zipped({"META-INF/container.xml": "<x/>", "mimetype": "application/epub+zip"}), kinds.EPUB),
        (zipped({"notes.txt": "x", "report.docx": office("word/document.xml")}), kinds.ZIP),
        (zipped({}), kinds.ZIP),
        (office("word/document.xml")[:200], kinds.DOCX),
        (zipped({"a.txt": "x" * 999})[:60], kinds.ZIP),
        (compound({"WordDocument": b"x", "1Table": b"y"}), kinds.DOC),
        (compound({"Workbook": b"x", "MBD1": {"WordDocument": b"an object inside"}}), kinds.XLS),
        (compound({"Book": b"x"}), kinds.XLS),
        (compound({"PowerPoint Document": b"x"}), kinds.PPT),
        (compound({"__properties_version1.0": b"x", "__substg1.0_0037001F": b"y"}), kinds.MSG),
        (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), kinds.LOCKED_OFFICE),
        (compound({"Something else": b"x"}), UNKNOWN),
    ],
)
def test_containers_show_by_what_stands_in_them(write: Write, content: bytes, media_type: str) -> None:
    assert sniff(write("a.pdf", content), "a.pdf") == media_type


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.txt", "<!DOCTYPE html><p>x", kinds.HTML),
        ("a", "  <?xml version='1.0'?><!-- x -->\n<HTML>", kinds.HTML),
        ("a.htm", "<p>no frame", kinds.HTML),
        ("a", "<div><h1>One</h1><p>Two</p></div>", kinds.HTML),
        ("a.html", "words only", kinds.PLAIN),
        ("a.nxml", "<article><p>x</p></article>", kinds.XML),
        ("a.txt", "<?xml version='1.0'?><factbook><country/></factbook>", kinds.XML),
        ("a.md", "# Title", kinds.MARKDOWN),
        ("a.md", "A header starts with %PDF-", kinds.MARKDOWN),
        ("a.md", "<p>A page of notes</p><p>in</p><p>Markdown</p>", kinds.MARKDOWN),
        ("a.txt", "# Title", kinds.PLAIN),
        ("a.csv", "a,b\n1,2", kinds.CSV),
        ("a.csv", "name\nAnn\nBob", kinds.CSV),
        ("a.csv", "These are words.\nThey make no table.", kinds.PLAIN),
        ("a.csv", "a;b\n1,5;2,5\n3,5;4,5", kinds.CSV),
        ("a.tsv", "a\tb\n1\t2", kinds.TSV),
        ("a.txt", ROWS, kinds.CSV),
        ("a", ROWS.replace(",", "\t"), kinds.TSV),
        ("a.txt", "I came, saw, left\nYou go, see, stay\nHe runs, hides, wins\nWe sit, wait, hope", kinds.PLAIN),
        ("a.txt", MAIL, kinds.EML),
        ("a", "Received: by x\n (y)\nMIME-Version: 1.0\n\nText", kinds.EML),
        ("a.eml", "Subject: Only this\n\nText", kinds.EML),
        ("a.txt", "Note: this\nTodo: that\n\nText", kinds.PLAIN),
        ("a.txt", "WEBVTT - titled\n\n00:01.000 --> 00:02.000\nHello", kinds.VTT),
        ("a.txt", "WEBVTTX", kinds.PLAIN),
        ("a.txt", SRT, kinds.SRT),
        ("a", '{"a": [1, 2.5, null, "x"]}', kinds.JSON),
        ("a", '["' + "long " * 9999 + '"]', kinds.JSON),
        ("a", "[" * 9999, kinds.JSON),
        ("a", '{"a": 1}\n{"a": 2}\n', kinds.JSON_LINES),
        ("a.jsonl", '{"a": 1}', kinds.JSON_LINES),
        ("a.json", "{not: json}", kinds.PLAIN),
        ("a.txt", "[1] A reference\n[2] Another", kinds.PLAIN),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_text_shows_by_its_form(write: Write, name: str, content: str, media_type: str, encoding: str) -> None:
    assert sniff(write(name, (content + "\n").encode(encoding)), name) == media_type


def test_the_stored_name_does_not_matter(write: Write) -> None:
    assert sniff(write("0af3", "# Title"), "notes.MD") == kinds.MARKDOWN


def test_an_empty_file_is_of_no_kind(write: Write) -> None:
    with pytest.raises(EmptyFile):
        sniff(write("a.pdf", ""), "a.pdf")


def test_every_kind_that_is_told_apart_is_read_but_sound() -> None:
    told = {kind for name, kind in vars(kinds).items() if name.isupper() and isinstance(kind, str)}
    assert told - SUPPORTED <= kinds.AUDIO | {UNKNOWN}


def test_an_encrypted_office_file_asks_for_its_password_to_be_removed(write: Write) -> None:
    from support.reading import read_file

    path = write("a.xlsx", compound({"EncryptedPackage": b"x"}))
    with pytest.raises(PasswordProtected, match="without one"):
        read_file(path, sniff(path, "a.xlsx"))


@pytest.mark.parametrize(
    "content", ["<!-- --> " * 900, "<!-- " * 1600, "<a " * 2700, "a:" * 4000, '"' * 8000, "[{" * 4000]
)
def test_repetition_is_told_apart_at_once(write: Write, content: str) -> None:
    assert sniff(write("a.html", content), "a.html") in SUPPORTED


@pytest.mark.parametrize("content", [compound({"WordDocument": b"x" * 9000}), office("word/document.xml")])
def test_a_container_cut_anywhere_is_of_some_kind(write: Write, content: bytes) -> None:
    cuts = random.Random(3).sample(range(1, len(content)), 60)
    assert all(sniff(write("a.doc", content[:cut]), "a.doc") for cut in cuts)


@given(
    st.binary(min_size=1, max_size=700),
    st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{", b"BM"]),
)
def test_any_bytes_are_of_some_kind(tmp_path_factory: pytest.TempPathFactory, noise: bytes, magic: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "noise"
    path.write_bytes(magic + noise)
    assert "/" in sniff(path, "noise")
