"""Where in a passage a sentence is supported."""

import pytest

from footnote.modules.generation.evidence import supporting_span

PASSAGE = "Mars is red. It has two\nmoons: “Phobos” and “Deimos”.\nIts day lasts 24.6 hours [3]. It is cold."


@pytest.mark.parametrize(
    ("sentence", "stands_at"),
    [
        ("It has two moons: “Phobos” and “Deimos”.", "It has two\nmoons: “Phobos” and “Deimos”."),
        ("two moons: “Phobos”", "two\nmoons: “Phobos”"),
        ("ITS DAY lasts 24.6 hours.", "Its day lasts 24.6 hours"),
        ("One day there lasts 24.6 hours.", "Its day lasts 24.6 hours [3]."),
        ("Mars is red and it has two moons.", "Mars is red. It has two\nmoons: “Phobos” and “Deimos”."),
    ],
)
def test_the_span_holds_the_words(sentence: str, stands_at: str) -> None:
    span = supporting_span(sentence, PASSAGE)
    assert span is not None
    assert PASSAGE[slice(*span)] == stands_at


@pytest.mark.parametrize("sentence", ["他们参加了职业碗。", "球队有 24 次拦截 (NFL)。", "「球员」以 11 分领先。"])
def test_without_space_between_sentences_the_span_ends_with_its_own(sentence: str) -> None:
    passage = "他们参加了职业碗。球队有 24 次拦截 (NFL)。「球员」以 11 分领先。他的队友贡献了 6 次。"
    span = supporting_span(sentence, passage)
    assert span is not None
    assert passage[slice(*span)] == sentence


@pytest.mark.parametrize("sentence", ["Completely different", "…", ""])
def test_without_a_common_word_there_is_no_span(sentence: str) -> None:
    assert supporting_span(sentence, PASSAGE) is None
