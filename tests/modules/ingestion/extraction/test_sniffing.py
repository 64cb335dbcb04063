"""The kind of a file is what its bytes say."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from footnote.modules.ingestion.extraction import SUPPORTED, sniff
from footnote.modules.ingestion.extraction.errors import EmptyFile
from footnote.modules.ingestion.extraction.sniff import DOCX, HTML, MARKDOWN, PDF, PLAIN, UNKNOWN

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "content " * 20)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PNG, "image/png"),
        ("a.png", b"%PDF-1.7\n", PDF),
        ("a.pdf", b"junk before\n%PDF-1.4\n", PDF),
        ("a.md", b"A header starts with %PDF-", MARKDOWN),
        ("a.txt", b"<!DOCTYPE html><p>x", HTML),
        ("a", b"  <?xml version='1.0'?><!-- x -->\n<HTML>", HTML),
        ("a.htm", b"<p>no frame", HTML),
        ("a.html", b"words only", PLAIN),
        ("a.md", b"# Title", MARKDOWN),
        ("a.txt", b"# Title", PLAIN),
        ("a.csv", b"a,b\n1,2", PLAIN),
        ("a.txt", "äöü".encode("latin-1"), PLAIN),
        ("a.txt", "Grüße".encode("utf-16"), PLAIN),
        ("a.txt", "plain words".encode("utf-16-le"), PLAIN),
        ("a.txt", bytes(range(256)) * 4, UNKNOWN),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml"), DOCX),
        ("a.pdf", archive("word/document.xml"), DOCX),
        ("a.docx", archive("word/document.xml")[:200], DOCX),
        ("a.docx", archive("notes.txt"), "application/zip"),
        ("a.txt", b"{\\rtf1 x}", "application/rtf"),
        ("a.wav", b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
    ],
)
def test_content_decides(write: Callable[[str, bytes], Path], name: str, content: bytes, media_type: str) -> None:
    assert sniff(write(name, content), name) == media_type


def test_the_stored_name_does_not_matter(write: Callable[[str, str], Path]) -> None:
    assert sniff(write("0af3", "# Title"), "notes.MD") == MARKDOWN


def test_an_empty_file_is_of_no_kind(write: Callable[[str, str], Path]) -> None:
    with pytest.raises(EmptyFile):
        sniff(write("a.pdf", ""), "a.pdf")


def test_five_kinds_are_supported() -> None:
    assert {PLAIN, MARKDOWN, HTML, DOCX, PDF} == SUPPORTED
