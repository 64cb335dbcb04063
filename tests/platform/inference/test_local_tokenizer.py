"""Where tokens stand in a text, and how many there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.platform.inference import Tokenizer
from footnote.platform.inference.local import LocalTokenizer

tokenizer = LocalTokenizer()


def test_it_is_a_tokenizer() -> None:
    port: Tokenizer = tokenizer
    assert port.count(["", "one two", "unbelievably"]) == [0, 2, 5]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The cat's hat.", ["The", "cat", "'", "s", "hat", "."]),
        ("naïve café", ["naïve", "café"]),
        ("😀 is 1 sign", ["😀", "is", "1", "sign"]),
        ("\ud83d half", ["half"]),
        ("漢 字", ["漢", "字"]),
        ("각", ["각", "각", "각"]),
        ("", []),
    ],
)
def test_spans_count_code_points(text: str, tokens: list[str]) -> None:
    assert [text[start:end] for start, end in tokenizer.spans(text)] == tokens


def test_there_is_no_limit() -> None:
    text = "words,\n" * 20_000
    spans = tokenizer.spans(text)
    assert len(spans) == tokenizer.count([text])[0] == 40_000
    assert {text[start:end] for start, end in spans} == {"words", ","}


@given(st.text(st.characters(codec=None)))
def test_spans_ascend_within_the_text(text: str) -> None:
    spans = tokenizer.spans(text)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert tokenizer.count([text]) == [len(spans)]
