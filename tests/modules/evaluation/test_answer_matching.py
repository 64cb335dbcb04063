import pytest

from footnote.modules.evaluation.matching import contains_answer, cut_answer, exact_match, token_f1


def test_a_gold_answer_is_found_with_case_and_space_folded() -> None:
    assert contains_answer("It was in the\n 10TH  and 11th centuries.", ["never", "10th and 11th\tcenturies"])


def test_another_answer_is_not_found() -> None:
    assert not contains_answer("It was in the 12th century.", ["10th"])


def test_an_empty_gold_answer_is_never_found() -> None:
    assert not contains_answer("anything", ["", " "])


def test_only_three_sentences_count() -> None:
    text = "One. Two. Three. Four."
    assert cut_answer(text, [4, 9, 16, 22]) == "One. Two. Three."


def test_only_eighty_words_count() -> None:
    assert cut_answer(" ".join(str(n) for n in range(100)), []).split()[-1] == "79"


def test_an_answer_within_the_limits_is_left_alone() -> None:
    assert cut_answer("One.  Two.", [4, 10]) == "One.  Two."


@pytest.mark.parametrize("text", ["The Normans!", "normans", " a  NORMANS "])
def test_case_articles_punctuation_and_space_do_not_matter(text: str) -> None:
    assert exact_match(text, ["Vikings", "the Normans"])


def test_a_longer_answer_is_no_exact_match() -> None:
    assert not exact_match("the Normans in France", ["Normans"])


def test_f1_is_that_of_the_nearest_gold_answer() -> None:
    assert token_f1("The Normans in France", ["Denmark", "France", "Normans of France"]) == pytest.approx(2 / 3)


def test_f1_counts_a_repeated_word_as_often_as_both_have_it() -> None:
    assert token_f1("no no no", ["no no"]) == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))


def test_f1_of_answers_without_words_is_whether_both_are() -> None:
    assert (token_f1("the", ["a"]), token_f1("", ["France"]), token_f1("France", [])) == (1.0, 0.0, 0.0)
