"""HTML: what a reader of the page would read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction.errors import NoText
from footnote.modules.ingestion.extraction.html import read_html, text_of
from footnote.modules.ingestion.extraction.kinds import HTML
from footnote.modules.ingestion.parts import joined

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


def test_what_stands_around_the_content_is_left_out(write: Write) -> None:
    words = "<p>" + "The article goes on. " * 20
    page = (
        "<header><a href=/>Site</a></header><nav><ul><li>Home</ul></nav><div class='cookie-banner'>We use cookies</div>"
        f"<main><h1>Title</h1>{words}<aside>A remark.</aside></main>"
        "<div id=sidebar><p>Related</p></div><footer>(c)</footer>"
    )
    extraction = read_file(write("a.html", page), HTML)
    assert extraction.text.startswith("Title\n\nThe article goes on.")
    assert extraction.text.endswith("A remark.")
    assert not any(word in extraction.text for word in ("Site", "Home", "cookies", "Related", "(c)"))


@pytest.mark.parametrize(
    "page",
    [
        "<body class='has-sidebar menu-open'><p>Words</p></body>",
        "<div class=sidebar><p>Words</p></div>",
        "<nav><p>Words</p></nav>",
        "<div id=cookie-policy><h1>Words</h1></div><p>x</p>",
        "<header><h1>Words</h1></header><p>x</p>",
        "<div aria-hidden=false><p>Words</p></div>",
    ],
)
def test_an_article_is_never_lost_to_a_name(page: str) -> None:
    assert text_of(page).startswith("Words")


def test_spans_are_repeated_in_every_row_and_column(write: Write) -> None:
    page = (
        "<table><caption>Sales</caption><thead><tr><th>Year<th colspan=2>Half</tr></thead>"
        "<tr><td rowspan=2>2024<td>1<td>2</tr><tr><td>3<td>4</tr></table>"
    )
    extraction = read_file(write("a.html", page), HTML)
    assert extraction.text == "Sales\n\n| Year | Half | Half |\n| 2024 | 1 | 2 |\n| 2024 | 3 | 4 |"
    cells = {(cell.row, cell.column): cell for cell in extraction.layout.tables[0].cells}
    assert (cells[0, 1].column_span, cells[1, 0].row_span, cells[2, 0].row_span) == (2, 2, 1)
    assert [block.kind for block in extraction.layout.blocks] == ["paragraph", "table_header", "table_row", "table_row"]


def test_a_row_that_only_begins_spans_is_not_repeated() -> None:
    table = "<table><tr><th>a<th>b</tr><tr><th rowspan=3>x</tr><tr><td>1</tr><tr><td>2</tr></table>"
    assert text_of(table) == "| a | b |\n| x | 1 |\n| x | 2 |"


def test_a_table_in_a_cell_is_read_in_place() -> None:
    table = (
        "<table><tr><td>a<td><table><tr><td>1<td>2</tr></table></td></tr><tr><td>b<td><ol><li>x<li>y</ol></tr></table>"
    )
    assert text_of(table) == "| a | 1 2 |\n| b | 1. x 2. y |"


def test_a_long_table_repeats_its_heads(write: Write, tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{number}<td>{'words ' * 20}</tr>" for number in range(4500))
    path = write("a.html", f"<table><tr><th>No<th>Text</tr>{rows}</table>")
    parts = list(extract(path, HTML, Context(tmp_path)))
    assert len(parts) > 2
    assert all(part.text.startswith("| No | Text |\n") for part in parts)
    assert sum(len(part.layout.tables) for part in parts) == 5


def test_a_paragraph_longer_than_a_part_is_cut(write: Write, tmp_path: Path) -> None:
    parts = list(extract(write("a.html", f"<ul><li>{'word ' * 100_000}<li>end</ul>"), HTML, Context(tmp_path)))
    assert max(len(part.text) for part in parts) < 410_000
    assert sum(part.text.count("word") for part in parts) == 100_000
    assert parts[-1].text.endswith("- end")


def test_numbers_of_lists_are_kept() -> None:
    page = "<ol start=3 type=a><li>x<li value=9>y<li>z</ol><ol reversed><li>p<li>q</ol><ol type=I><li>r</ol>"
    assert text_of(page) == "c. x\ni. y\nj. z\n2. p\n1. q\nI. r"


def test_definitions_and_captions_are_read() -> None:
    page = "<dl><dt>Tea<dd>A drink</dl><figure><img alt=unsaid><figcaption>A cup</figcaption></figure>"
    assert text_of(page) == "Tea\n- A drink\n\nA cup"


def test_pictures_speak_only_where_no_words_do() -> None:
    assert text_of("<p><img alt='A red cup'></p><p>Words <img alt=unsaid></p><img alt=x.png><img alt=i width=8>") == (
        "A red cup\n\nWords"
    )


def test_links_without_words_say_where_they_lead() -> None:
    links = "<a href=http://y.example/></a> <a name=z></a><a aria-label=Mail href=m></a>"
    page = f"<p><a href=http://x.example/>Words</a> {links}</p>"
    assert text_of(page) == "Words http://y.example/ Mail"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset=windows-1251>", "cp1251"),
        ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8_r"),
        ("<meta charset=utf-8>", "utf-16"),
        ("<meta charset=utf-8>", "cp1251"),  # which is not so
        ("<meta charset=no-such>", "utf-8"),
        ("", "cp1251"),
    ],
)
def test_the_encoding_is_found_whatever_is_stated(write: Write, head: str, encoding: str) -> None:
    page = f"<html>{head}<p>{'Вчера вечером дети нашли золотое кольцо у реки. ' * 9}"
    assert "золотое кольцо" in read_file(write("a.html", page.encode(encoding)), HTML).text


@pytest.mark.parametrize(
    "page",
    [
        "<p " + " ".join(f"a{number}" for number in range(60_000)) + ">after",
        "<p>" + "<b>" * 100_000 + "</b>" * 100_000 + "<p>after",
        "<" * 100_000 + "<p>after",
        "<!--" + "-" * 100_000 + "><p>after",
    ],
)
def test_hostile_markup_is_read_past_or_said(write: Write, tmp_path: Path, page: str) -> None:
    (part,) = extract(write("a.html", "<p>before</p>" + page), HTML, Context(tmp_path))
    assert part.text.startswith("before")
    assert part.text.endswith("after") or part.warnings or "<!--" in page


@settings(max_examples=100)
@given(st.text(alphabet="<>/=!-&; apbtrdhlion1\"'\n", max_size=200))
def test_blocks_cover_whatever_is_read(markup: str) -> None:
    part, at = joined(list(read_html(markup))), 0
    for block in part.layout.blocks:
        assert not part.text[at : block.start].strip()
        at = block.end
    assert at == len(part.text)
