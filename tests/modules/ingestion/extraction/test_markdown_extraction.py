"""Markdown: the words without the marks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
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


def test_the_title_in_the_settings_is_the_title(write: Write) -> None:
    extraction = read_file(write("a.md", '---\ntags: [x]\ntitle: "On tea"\n---\n# Heading\n'), MARKDOWN)
    assert (extraction.title, extraction.text) == ("On tea", "Heading")


def test_tasks_strikes_and_notes_keep_their_words() -> None:
    source = "- [x] done\n- [ ] to ~~do~~ be done[^1]\n\n[^1]: Soon\n"
    assert text_of(source) == "- [x] done\n- [ ] to do be done[^1]\n\n[^1]: Soon"


def test_an_empty_item_leaves_its_mark_to_nobody() -> None:
    assert text_of("-\n\nWords\n\n1.\n\n# Head") == "Words\n\nHead"


def test_tables_keep_their_cells() -> None:
    layout = read_markdown("| a | b |\n|---|---|\n| 1 \\| 2 | `x` |\n").layout
    assert [(cell.row, cell.column) for cell in layout.tables[0].cells] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_html_tables_inside_are_tables() -> None:
    source = "Words\n\n<table><tr><td rowspan=2>x<td>1</tr><tr><td>2</tr></table>\n\nMore<br>words"
    assert text_of(source) == "Words\n\n| x | 1 |\n| x | 2 |\n\nMore\nwords"


def test_a_long_file_comes_in_parts_that_cut_no_code(write: Write, tmp_path: Path) -> None:
    section = "# Head\n\n" + "Some *words* of text. " * 40 + "\n\n```\ncode\n\n# no head\n```\n\n"
    parts = list(extract(write("a.md", section * 1000), MARKDOWN, Context(tmp_path)))
    assert len(parts) > 3
    assert max(len(part.text) for part in parts) < 210_000
    assert sum(part.text.count("code\n\n# no head") for part in parts) == 1000
    assert sum(len(part.layout.headings) for part in parts) == 1000


@pytest.mark.parametrize("mark", ["[", "*a ", "`a", "[a](", "![", "<a ", "&", "```\n", "**a_", "a](b"])
def test_hostile_repetition_is_read(mark: str) -> None:
    assert len(text_of(mark * 3000 + "end")) > 0


@pytest.mark.parametrize("mark", [">", "- "])
def test_deep_nesting_is_read_and_bottomless_nesting_survived(mark: str) -> None:
    assert text_of(mark * 40 + "end").endswith("end")
    assert len(text_of("Before.\n\n" + mark * 3000 + "end")) >= len("Before.")
