"""Sentences are found in prose, in lines of a page and around abbreviations, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.platform.text import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Revenue in the U.S. Virgin Islands fell.",
        "Apple Inc. Annual Report for 2022.",
        "Mr. J. R. Smith met Dr. Jones.",
        "See Fig. 3 and No. 12 for details.",
        "It rose 3.5 percent, e.g. in Europe.",
        "On Oct. 30 it closed.",
        "Smith et al. Nature of things.",
        "1. First item of a list",
        "Cash was $ 1,234.5 million, i.e. Less.",
        '"Really?" he asked.',
        "A line that ends\nin the middle of a sentence.",
        "No punctuation at all",
    ],
)
def test_this_is_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["One ends.", "Two begins!", "Three?", "Four"],
        ["It was sold to Apple Inc.", "The price was low."],
        ["It is based in the U.S.", "In 2020 it moved."],
        ["It ended in 2022.", "Then came more."],
        ['He said "no."', "She left."],
        ["It closed (at last.)", "Nobody came."],
        ["1. First item.", "2. Second item."],
        ["Wait...", "Nothing came."],
        ["It grew by 3.5.", "4 more followed."],
    ],
)
def test_these_are_several(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts
    assert sentences("\n".join(parts)) == parts


def test_chinese_and_japanese_stops_need_no_space() -> None:
    assert sentences("今日は。明日も！そう") == ["今日は。", "明日も！", "そう"]


def test_a_blank_line_ends_a_sentence() -> None:
    assert sentences("A title\n \nA paragraph") == ["A title", "A paragraph"]


@given(st.text(alphabet="ab A.!?\n\t\"'()1。", max_size=60))
def test_sentences_cover_all_but_white_space(text: str) -> None:
    at = 0
    for start, end in sentence_spans(text):
        assert at <= start < end
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


def test_a_page_of_dots_is_no_trouble() -> None:
    assert sentence_spans("." * 1_000_000 + "x") == [(0, 1_000_001)]
