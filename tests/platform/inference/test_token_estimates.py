import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.platform.inference.calls.tokens import BLANK, Limits, batches, most_tokens, sendable
from footnote.platform.inference.local import LocalTokenizer

LIMITS = Limits(texts=3, tokens=10, text_tokens=6)


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox jumps over the lazy dog, and nobody knows why it should not.",
        "Donaudampfschifffahrtsgesellschaftskapitän fährt über die Donau.",
        "La révolution française commença en 1789.",
        "日本語の文章はどう分割されるのか。",
        "Быстрая коричневая лиса",
        "if (x[0] == 10) { return y->z; } // 3.14159",
        "aGVsbG8gd29ybGQgdGhpcyBpcyBiYXNlNjQgdGV4dA==",
    ],
)
def test_the_estimate_is_above_what_a_vocabulary_makes_of_a_text(text: str) -> None:
    assert most_tokens(text) >= LocalTokenizer().count([text])[0]


def test_english_is_not_taken_for_more_than_twice_what_it_is() -> None:
    text = "The committee of the regions has adopted its opinion on the draft of the new directive. " * 20
    assert most_tokens(text) <= 2 * LocalTokenizer().count([text])[0]


@given(st.text(st.characters(codec=None), max_size=200), st.integers(4, 60))
def test_what_is_sent_is_text_within_the_limit(text: str, limit: int) -> None:
    sent = sendable(text, limit)
    assert sent.encode()
    assert sent.strip()
    assert len(sent.encode()) <= limit or most_tokens(sent) <= limit


def test_what_fits_is_sent_as_it_is() -> None:
    assert sendable("one two three", 100) == "one two three"


def test_the_start_of_what_does_not_fit_is_sent() -> None:
    assert sendable("one two three four five six", 6).startswith("one two")
    assert sendable("x" * 1000, 40) == "x" * 10


def test_a_text_without_a_sign_gets_one() -> None:
    assert sendable(" \n", 10) == BLANK


def test_a_request_holds_no_more_texts_than_it_may() -> None:
    assert list(batches(["a"] * 7, LIMITS)) == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_request_holds_no_more_tokens_than_it_may() -> None:
    assert list(batches(["a b c d e", "a b c d e", "a"], LIMITS)) == [[0, 1], [2]]


def test_a_text_that_fills_a_request_has_it_for_itself() -> None:
    assert list(batches(["漢字" * 50, "a", "漢字" * 50, "漢字" * 50], LIMITS)) == [[0, 1], [2], [3]]


def test_no_texts_make_no_requests() -> None:
    assert list(batches([], LIMITS)) == []
