"""What a question asks for."""

import pytest

from footnote.platform.inference.extractive.expectation import agreement, expectation, states_amount
from footnote.platform.inference.extractive.terms import terms


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was it built?", "time"),
        ("In what year did it end?", "time"),
        ("How many people who came stayed?", "number"),
        ("Who wrote it?", "name"),
        ("which old city is the capital?", "name"),
        ("Why did it fail?", "reason"),
        ("Why did sales fall?", "reason"),
        ("How much did it cost?", "amount"),
        ("What were the net sales?", "amount"),
        ("What is a footnote?", "anything"),
    ],
)
def test_a_question_expects_a_kind_of_thing(question: str, kind: str) -> None:
    assert expectation(question) == kind


def test_a_sentence_with_such_a_thing_agrees() -> None:
    assert agreement("time", "It ended in 1945.", []) == 1
    assert agreement("time", "It took 12 eggs.", []) < agreement("time", "It ended in May.", [])
    assert agreement("number", "There were three.", []) == 1
    assert agreement("reason", "It broke because of rust.", []) == 1


def test_a_name_of_the_question_is_no_answer_to_it() -> None:
    asked = terms("Who discovered Uranus?")
    assert agreement("name", "The planet Uranus is cold.", asked) == 0
    assert agreement("name", "The planet Uranus was found by Herschel.", asked) == 1


def test_inflections_meet_in_one_term() -> None:
    assert terms("The colonies' colony, moves moving moved") == ["colony", "colony", "mov", "mov", "mov"]


def test_a_year_is_no_amount() -> None:
    assert not states_amount("Sales rose in the 3rd quarter of 2022.")
    assert all(map(states_amount, ("| Sales | 40,665 |", "It cost $5.", "It grew by 3 %.", "Two million were sold.")))
