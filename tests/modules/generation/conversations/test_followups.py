"""Questions that lean on what was said, and questions that stand alone."""

import pytest
from support.followup_examples import FOLLOW_UPS, STANDING, UNSEEN, FollowUp

from footnote.modules.generation.conversations.followups.rules import resolved
from footnote.modules.generation.conversations.reading import Exchange


def exchange(question: str, answer: str) -> Exchange:
    return Exchange(turn_id="1", question=question, standalone=question, answer=answer)


def is_resolved(example: FollowUp) -> bool:
    found = (resolved(example.question, exchange(example.before, example.answer)) or "").casefold()
    holds = all(part.casefold() in found for part in example.holds)
    return holds and not any(part.casefold() in found for part in example.lacks)


def test_nine_in_ten_follow_ups_hold_what_they_lean_on() -> None:
    missed = [example for example in FOLLOW_UPS if not is_resolved(example)]
    assert len(missed) <= len(FOLLOW_UPS) / 10, missed


def test_so_do_four_in_five_of_those_that_the_rules_were_not_made_on() -> None:
    missed = [example for example in FOLLOW_UPS[UNSEEN] if not is_resolved(example)]
    assert len(missed) <= len(FOLLOW_UPS[UNSEEN]) / 5, missed


@pytest.mark.parametrize("example", STANDING, ids=lambda example: example.question)
def test_a_question_that_stands_alone_stays_as_it_is(example: FollowUp) -> None:
    assert resolved(example.question, exchange(example.before, example.answer)) is None


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (
            "What was Acme's revenue from iPhone in Q3 2023?",
            "And from the Mac?",
            "Acme's revenue from the Mac in Q3 2023",
        ),
        ("What was Acme's revenue from the Mac in Q3 2023?", "And from iPad?", "Acme's revenue from iPad in Q3 2023"),
        ("How many iPhones were sold in 2022?", "And iPads?", "How many iPads were sold in 2022"),
    ],
)
def test_a_name_takes_the_place_of_the_name_that_it_fits(before: str, question: str, meant: str) -> None:
    assert meant in (resolved(question, exchange(before, "$ 42.6 billion.")) or "")
