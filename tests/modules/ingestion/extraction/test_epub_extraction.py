"""Books: chapters in reading order, each in parts of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.archives import package
from support.books import CONTAINER, book
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract, sniff
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected, TooExpensive, Unreadable
from footnote.modules.ingestion.extraction.kinds import EPUB

Write = Callable[[str, str | bytes], Path]


def test_chapters_come_in_reading_order_each_a_part(write: Write, tmp_path: Path) -> None:
    path = write("a.epub", book([("z.xhtml", "<h1>One</h1><p>First.</p>"), ("a.xhtml", "<h1>Two</h1><p>Second.</p>")]))
    parts = list(extract(path, EPUB, Context(tmp_path)))
    assert sniff(path, "a") == EPUB
    assert [part.text for part in parts] == ["One\n\nFirst.", "Two\n\nSecond."]
    assert (parts[0].title, parts[0].language) == ("A Book", "de")


def test_a_chapter_without_a_heading_takes_it_from_the_table_of_contents(write: Write) -> None:
    page = "<p>Words.</p><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    extraction = read_file(write("a.epub", book([("c.xhtml", page)], titles={"c.xhtml": "The Title"})), EPUB)
    assert extraction.text == "The Title\n\nWords.\n\n| a | b |\n| 1 | 2 |"
    assert [extraction.text[cell.start : cell.end] for cell in extraction.layout.tables[0].cells] == [
        "a",
        "b",
        "1",
        "2",
    ]
    assert [extraction.text[h.start : h.end] for h in extraction.layout.headings] == ["The Title"]


def test_names_that_are_quoted_or_lead_upwards_are_followed_inside_only(write: Write) -> None:
    chapters = [("my%20page.xhtml", "<p>x</p>"), ("../../../etc/passwd", "<p>y</p>")]
    parts = {"OEBPS/my page.xhtml": "<p>Found.</p>"}
    extraction = read_file(write("a.epub", book(chapters, **parts)), EPUB)
    assert extraction.text == "Found."
    assert extraction.warnings == ("A chapter is missing: etc/passwd.",)


@pytest.mark.parametrize(
    ("method", "is_locked"),
    [("http://www.w3.org/2001/04/xmlenc#aes128-cbc", True), ("http://www.idpf.org/2008/embedding", False)],
)
def test_a_book_that_is_locked_says_so(write: Write, method: str, is_locked: bool) -> None:
    rights = f'<encryption><EncryptedData><EncryptionMethod Algorithm="{method}"/></EncryptedData></encryption>'
    path = write("a.epub", book([("a.xhtml", "<p>x</p>")], **{"META-INF/encryption.xml": rights}))
    if is_locked:
        with pytest.raises(PasswordProtected, match="locked by its seller"):
            read_file(path, EPUB)
    else:
        assert read_file(path, EPUB).text == "x"


def test_a_book_that_unpacks_to_too_much_is_refused(write: Write) -> None:
    path = write("a.epub", book([("a.xhtml", "<p>" + "x" * 3_000_000)]))
    with pytest.raises(TooExpensive):
        read_file(path, EPUB, max_unpacked_bytes=1 << 20)


@pytest.mark.parametrize(
    "content",
    [
        book([("a.xhtml", "x")])[:-40],
        package("application/epub+zip", {"x": "y"}),
        package("application/epub+zip", {"META-INF/container.xml": CONTAINER}),
        package("application/epub+zip", {"META-INF/container.xml": "<broken"}),
    ],
)
def test_a_broken_book_says_so(write: Write, content: bytes) -> None:
    with pytest.raises(DamagedFile):
        read_file(write("a.epub", content), EPUB)


def test_entities_are_not_expanded(write: Write) -> None:
    bomb = '<!DOCTYPE c [<!ENTITY a "' + "x" * 999 + '"><!ENTITY b "' + "&a;" * 999 + '">]><container>&b;</container>'
    with pytest.raises(Unreadable, match=r"deeper XML|attack"):
        read_file(write("a.epub", package("application/epub+zip", {"META-INF/container.xml": bomb})), EPUB)
