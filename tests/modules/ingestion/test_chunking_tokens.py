"""Spans are counted and cut where their tokens start."""

from footnote.modules.ingestion.chunking.tokens import Tokens

WORDS = "one two three four"
STARTS = Tokens(WORDS, [0, 4, 8, 14])
LETTERS = Tokens("abcdefgh", range(8))
SYLLABLES = Tokens("각각", [0, 0, 0, 1, 1, 1])


def test_a_span_has_the_tokens_that_start_in_it() -> None:
    assert (STARTS.count(0, 18), STARTS.count(1, 14), STARTS.count(4, 4)) == (4, 2, 0)


def test_what_fits_is_not_cut() -> None:
    assert STARTS.cut(0, 18, 4) == 18


def test_a_cut_is_before_a_word() -> None:
    assert STARTS.cut(0, 18, 3) == 14
    assert Tokens(WORDS, [0, 4, 8, 10, 14]).cut(0, 18, 3) == 8


def test_without_blanks_a_cut_is_anywhere() -> None:
    assert LETTERS.cut(0, 8, 3) == 3
    assert Tokens("a bcdefgh", [0, 2, 3, 4, 5, 6, 7, 8]).cut(0, 9, 6) == 7


def test_a_character_of_more_tokens_than_there_is_room_for_goes_whole() -> None:
    assert SYLLABLES.cut(0, 2, 1) == 1
    assert SYLLABLES.cut(1, 2, 1) == 2


def test_what_is_repeated_begins_with_a_word() -> None:
    assert STARTS.back(0, 14, 1) == 8
    assert STARTS.back(0, 14, 0) == 14
    assert STARTS.back(0, 14, 9) == 14


def test_halves_meet_at_a_blank_and_leave_it_out() -> None:
    assert STARTS.halves(0, 18) == ((0, 7), (8, 18))
    assert LETTERS.halves(0, 8) == ((0, 4), (4, 8))


def test_a_word_without_end_counts_as_many_tokens() -> None:
    endless = Tokens("a " + "x" * 100_000, [0, 2])
    assert endless.count(0, 100_002) == 1001
    assert endless.cut(2, 100_002, 10) == 1002
