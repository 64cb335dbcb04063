"""Phrases in quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.modules.retrieval.lexical.phrases import MOST, holds, phrases


@pytest.mark.parametrize(
    "question",
    [
        'is "deep learning" new',
        "is “deep learning” new",
        "ist „deep learning“ neu",
        "« deep learning »",
        "「deep learning」",
    ],
)
def test_what_stands_in_quotes_is_a_phrase(question: str) -> None:
    assert phrases(question) == ["deep learning"]


@pytest.mark.parametrize("question", ["", '"', '""', '" "', "\"...\", 'a'", "5'10\" tall"])
def test_quotes_around_no_word_are_no_phrase(question: str) -> None:
    assert phrases(question) == []


def test_quotes_around_one_word_of_a_sentence_ask_for_nothing() -> None:
    assert phrases('How can a module that "matches" its context be checked?') == []
    assert phrases('"matches"') == ["matches"]


def test_a_phrase_counts_once_and_of_very_many_the_first_ones() -> None:
    assert phrases('"red fox" "red fox"') == ["red fox"]
    assert len(phrases(" ".join(f'"red fox {number}"' for number in range(999)))) == MOST


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("Deep learning", "of deep-learning."),
        ("notice period", "the notice\nperiod"),
        ("深度学习", "关于深度学习模型"),
        ("C", "C."),
        ("AB-1234", "AB-1234/56"),
        ("M12x1.5", "M12 × 1.5"),
        ("M12×1.5", "an M12x1.5 thread"),
        ("12", "12×34"),
        (".NET 8", "(.net 8)"),
        ("net 8", "of .NET 8"),
    ],
)
def test_a_phrase_is_found_as_it_stands(phrase: str, text: str) -> None:
    assert holds(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("deep learning", "deep machine learning"),
        ("learning deep", "deep learning"),
        ("earn", "learn"),
        ("C", "C++"),
        ("2x4", "2 of 4"),
        (".NET 8", "net 8"),
        (".NET 8", "sales.net 8"),
        ("0x10", "0 10"),
    ],
)
def test_a_phrase_is_not_found_in_other_words(phrase: str, text: str) -> None:
    assert not holds(phrase, text)


@given(text=st.text(st.characters()))
def test_any_text_holds_its_phrases(text: str) -> None:
    assert all(holds(phrase, text) for phrase in phrases(text))
