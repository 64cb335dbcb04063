"""Words that nothing has, and what is searched instead."""

from collections.abc import Sequence

import pytest

from footnote.modules.retrieval.lexical.analysis import query_terms
from footnote.modules.retrieval.lexical.hashing import hash_of
from footnote.modules.retrieval.lexical.spelling import Correction, correctable, corrections, halves, swapped


class Words:
    def __init__(self, **chunks: int) -> None:
        self.chunks = chunks

    def near(self, word: str) -> list[str]:
        return list(self.chunks)

    def corrected(self, question: str, language: str = "en") -> list[Correction]:
        counts = {query_terms(word, language)[0].hash: chunks for word, chunks in self.chunks.items()}

        def frequency(hashes: Sequence[int]) -> list[int]:
            return [counts.get(each, 0) for each in hashes]

        return corrections(query_terms(question, language), language, self, frequency)


@pytest.mark.parametrize("typed", ["goverment", "govermnent", "gouvernment", "goverrment"])
def test_a_misspelt_word_is_replaced_by_the_nearest(typed: str) -> None:
    [correction] = Words(government=3, governor=2, garment=1).corrected(typed)
    assert (correction.word, correction.instead) == (typed, "government")
    assert [(term.hash, term.weight < 1) for term in correction.terms] == [(hash_of("govern"), True)]


def test_a_word_that_something_has_is_left_alone() -> None:
    assert Words(form=1, farm=9).corrected("form") == []


def test_short_words_are_wrong_in_one_place_at_most() -> None:
    assert Words(fork=1).corrected("farm") == []
    assert [each.instead for each in Words(form=1).corrected("farm")] == ["form"]


def test_codes_and_numbers_are_never_corrected() -> None:
    assert Words(rfc9456=1).corrected("rfc9457 10-Q 2024 42") == []


def test_the_more_frequent_of_two_as_near_comes_first() -> None:
    assert [each.instead for each in Words(form=1, firm=5).corrected("farm")] == ["firm", "form"]


def test_a_word_that_is_only_where_the_reader_may_not_look_is_no_correction() -> None:
    assert Words(government=0).corrected("goverment") == []


def test_where_pieces_of_words_are_terms_corrections_are_few_and_count_less() -> None:
    words = Words(kosten=2, kisten=3)
    [in_german], in_english = words.corrected("kusten", "de"), words.corrected("kusten")
    assert (in_german.instead, len(in_english)) == ("kisten", 2)
    assert in_german.terms[0].weight < in_english[0].terms[0].weight


@pytest.mark.parametrize(("typed", "meant"), [("hosuing", "housing"), ("fomr", "form"), ("govermnent", "government")])
def test_a_word_with_two_letters_swapped_keeps_a_half_or_is_swapped_in_the_middle(typed: str, meant: str) -> None:
    assert swapped(typed) == meant or any(one == other for one, other in zip(halves(typed), halves(meant), strict=True))


def test_words_of_other_languages_do_not_stand_for_those_of_a_question() -> None:
    assert correctable("Wie lange ist die Frist?", ["de", "en"]) == {"de"}
    assert correctable("Wie lange ist die Frist?", ["en", "fr"]) == ["en", "fr"]
    assert correctable("Frist", ["de", "en"]) == ["de", "en"]


def test_words_with_vowel_signs_are_corrected_too() -> None:
    assert [each.instead for each in Words(पुस्तकालय=1).corrected("पुस्तकालाय", "hi")] == ["पुस्तकालय"]
