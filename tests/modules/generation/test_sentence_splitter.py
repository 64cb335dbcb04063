"""Sentences and their source marks in a streaming draft."""

import pytest

from footnote.modules.generation.drafting import SentenceSplitter


def split(text: str, size: int) -> list[tuple[str, tuple[int, ...]]]:
    splitter = SentenceSplitter()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    drafted = [sentence for piece in pieces for sentence in splitter.feed(piece)]
    return [(sentence.text, sentence.sources) for sentence in [*drafted, *splitter.rest()]]


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        ("It is red. [1] It is blue. [2]", [("It is red.", (1,)), ("It is blue.", (2,))]),
        ("It is red [1]. It is blue [2].", [("It is red.", (1,)), ("It is blue.", (2,))]),
        ("It is red. [1][3] [4, 5] Blue. [2]", [("It is red.", (1, 3, 4, 5)), ("Blue.", (2,))]),
        ("It is red [1] and blue [2]. So.", [("It is red and blue.", (1, 2)), ("So.", ())]),
        ("Revenue | 5 | 7 [1]\niPhone | 3 | 4 [2]\n", [("Revenue | 5 | 7", (1,)), ("iPhone | 3 | 4", (2,))]),
        ("It is red  \t [1]   [3]. So.", [("It is red.", (1, 3)), ("So.", ())]),
        ("First. Second. [1]", [("First.", (1,)), ("Second.", (1,))]),
        ("It was Dr. Smith in 1.5 hours. [1] So.", [("It was Dr. Smith in 1.5 hours.", (1,)), ("So.", ())]),
        ("- Red [1]\n- Blue. Old. [2]\n", [("Red", (1,)), ("Blue.", (2,)), ("Old.", (2,))]),
        ("1. Red [1]\n2. Blue [2]", [("Red", (1,)), ("Blue", (2,))]),
        ("它是红色的。[1]它很大[2]。好。", [("它是红色的。", (1,)), ("它很大。", (2,)), ("好。", ())]),
        ("Es ist z.B. rot. [1] Danach kam es. [2]", [("Es ist z.B. rot.", (1,)), ("Danach kam es.", (2,))]),
        ("See:\n```\nx = a[1]\n\ny\n```\nRed. [2]", [("See:", (2,)), ("``` x = a[1] y ```", (2,)), ("Red.", (2,))]),
        ("# Red\n\nIt is red [1-3]. Blue 【4】.", [("Red", ()), ("It is red.", (1, 2, 3)), ("Blue.", (4,))]),
        ("No mark.\n\nA mark. [^1]", [("No mark.", ()), ("A mark.", (1,))]),
        ("Cut off [1", [("Cut off [1", ())]),
        ("", []),
    ],
)
def test_a_draft_is_split_the_same_in_pieces_of_any_size(
    draft: str, sentences: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    assert split(draft, size) == sentences


def test_a_sentence_is_known_as_soon_as_the_next_begins() -> None:
    splitter = SentenceSplitter()
    assert list(splitter.feed("It is red. [1] ")) == []
    assert [sentence.text for sentence in splitter.feed("I")] == ["It is red."]
