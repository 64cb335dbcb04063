"""How much meaning counts, by the language of the question."""

from pathlib import Path

from support.letters import LetterEmbedder

from footnote.modules.retrieval.finding import Ranking
from footnote.platform.inference.local import LocalEmbedder

RANKING = Ranking(dense_weight=0.6, unknown_language_weight=0.3)
ENGLISH = "How many points did the team score in the last season?"
GERMAN = "Wie viele Punkte hat die Mannschaft in der letzten Saison erzielt?"


class EnglishEmbedder(LetterEmbedder):
    languages = frozenset({"en"})


def test_meaning_counts_less_in_a_language_that_the_model_was_not_made_for() -> None:
    assert RANKING.weight_of(ENGLISH, EnglishEmbedder()) == 0.6
    assert RANKING.weight_of(GERMAN, EnglishEmbedder()) == 0.3
    assert RANKING.weight_of("黑豹队的防守丢了多少分？", EnglishEmbedder()) == 0.3


def test_a_question_whose_language_cannot_be_told_is_taken_for_one_that_is_known() -> None:
    assert RANKING.weight_of("RFC 9457", EnglishEmbedder()) == 0.6


def test_a_model_of_all_languages_counts_in_all() -> None:
    assert RANKING.weight_of(GERMAN, LetterEmbedder()) == 0.6


def test_ranks_have_no_weight() -> None:
    assert Ranking(fusion="rrf").weight_of(ENGLISH, LetterEmbedder()) is None


def test_the_local_model_was_made_for_english(tmp_path: Path) -> None:
    assert RANKING.weight_of(GERMAN, LocalEmbedder(tmp_path)) == 0.3
    assert RANKING.weight_of(ENGLISH, LocalEmbedder(tmp_path)) == 0.6
