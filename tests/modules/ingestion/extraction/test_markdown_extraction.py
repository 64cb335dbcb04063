"""Markdown: the words without the marks."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.reading import read_file

from footnote.modules.ingestion.extraction.kinds import MARKDOWN
from footnote.modules.ingestion.extraction.markdown import read_markdown

Write = Callable[[str, str], Path]


def text_of(source: str) -> str:
    return read_markdown(source).text


def test_headings_keep_words_and_levels(write: Write) -> None:
    extraction = read_file(write("a.md", "# One *two*\n\nText\n\n### Three\n\nSetext\n===\n"), MARKDOWN)
    headings = [(extraction.text[h.start : h.end], h.level) for h in extraction.layout.headings]
    assert headings == [("One two", 1), ("Three", 3), ("Setext", 1)]


def test_marks_go_and_words_stay() -> None:
    assert (
        text_of("**Bold** and `code` and [link](http://x) and ![picture](y.png)")
        == "Bold and code and link and picture"
    )


def test_lists_keep_their_order() -> None:
    assert text_of("3. c\n4. d\n   - inner\n5. e") == "3. c\n4. d\n- inner\n5. e"


def test_a_table_row_is_one_line() -> None:
    extraction = read_markdown("| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert extraction.text == "| a | b |\n| 1 | 2 |"
    assert [block.kind for block in extraction.layout.blocks] == ["table_header", "table_row"]


def test_code_keeps_its_lines() -> None:
    assert text_of("```py\nif x:\n    y()\n```") == "if x:\n    y()"


def test_settings_at_the_top_are_not_text() -> None:
    assert text_of("---\ntitle: x\n---\nWords") == "Words"
    assert text_of("---\n\nno end") == "no end"


def test_html_inside_is_read_as_html() -> None:
    assert text_of("<div>\n<p>One</p><script>no()</script>\n</div>\n\nTwo") == "One\n\nTwo"


@given(st.text(alphabet="ab #*-_>`|[]()<p/>!1.\n\\&", max_size=120))
def test_blocks_cover_all_but_white_space(source: str) -> None:
    extraction, at = read_markdown(source), 0
    for block in extraction.layout.blocks:
        assert at <= block.start < block.end
        assert not extraction.text[at : block.start].strip()
        at = block.end
    assert not extraction.text[at:].strip()
