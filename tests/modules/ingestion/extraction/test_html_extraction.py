"""HTML: what a reader of the page would read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.reading import read_file

from footnote.modules.ingestion.extraction.errors import NoText
from footnote.modules.ingestion.extraction.html import text_of
from footnote.modules.ingestion.extraction.kinds import HTML

Write = Callable[[str, str | bytes], Path]


def test_title_language_and_headings_are_found(write: Write) -> None:
    page = "<html lang=en-GB><head><title> A  page </title></head><body><h1>One</h1><p>x<h3>Two</h3><p>y"
    extraction = read_file(write("a.html", page), HTML)
    assert (extraction.title, extraction.language) == ("A page", "en")
    assert [(extraction.text[h.start : h.end], h.level) for h in extraction.layout.headings] == [("One", 1), ("Two", 3)]


def test_what_is_not_shown_is_not_read() -> None:
    page = "<nav>n</nav><script>s</script><style>c</style><p hidden>h</p><p style='display: none'>d</p><p>shown</p>tail"
    assert text_of(page) == "shown\n\ntail"


def test_inline_marks_do_not_break_words() -> None:
    assert text_of("<p>H<sub>2</sub>O is\n <b>wa</b>ter<br>line two</p>") == "H2O is water\nline two"


def test_lists_keep_their_marks() -> None:
    assert text_of("<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>") == "- a\n1. b\n2. c\n- d"


def test_a_table_row_is_one_line() -> None:
    table = "<table><tr><th>a<th>b</tr><tr><td><p>1</p><p>one</p><td>2</tr></table>"
    assert text_of(table) == "| a | b |\n| 1 one | 2 |"


def test_a_table_for_layout_is_not_a_table() -> None:
    assert text_of("<table><tr><td><h1>Title</h1><p>One</p><p>Two</p></td></tr></table>") == "Title\n\nOne\n\nTwo"


def test_preformatted_text_keeps_its_lines() -> None:
    assert text_of("<pre>if x:\n    y()</pre>") == "if x:\n    y()"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_the_stated_encoding_is_used(write: Write, encoding: str) -> None:
    page = f"<meta charset={encoding}><p>Grüße</p>".encode(encoding)
    assert read_file(write("a.html", page), HTML).text == "Grüße"


def test_deep_nesting_is_read() -> None:
    assert text_of("<div>" * 1000 + "deep" + "</div>" * 1000 + "after") == "deep\n\nafter"


def test_hostile_nesting_is_left_out_and_said(write: Write) -> None:
    extraction = read_file(write("a.html", "<p>before" + "<table><tr><td>" * 100_000 + "deep"), HTML)
    assert extraction.text == "before"
    assert "nests deeper" in extraction.warnings[0]


def test_a_page_of_scripts_has_no_text(write: Write) -> None:
    with pytest.raises(NoText):
        read_file(write("a.html", "<script>x()</script>"), HTML)
