"""How sure an answer is once it has been checked, and which passages are worth a draft."""

import pytest
from support.answers import passage

from footnote.modules.generation.checking import Checked
from footnote.modules.generation.scoring import Calibration, score
from footnote.modules.generation.search_judge import UNREAD, SearchJudge

SURE = Checked(text="It is red.", verdict="supported", probability=1.0)
DOUBTED = Checked(text="It is blue.", verdict="supported", probability=0.6)
WITHHELD = Checked(text="", verdict="withheld", probability=0.1)


def test_a_quotation_is_as_sure_as_its_evidence_and_what_is_left_of_it() -> None:
    assert score("quoted", 0.8, [SURE, WITHHELD]) == pytest.approx(0.4)


def test_a_written_answer_is_surer_where_its_sentences_are() -> None:
    assert score("written", 0.5, [SURE]) == pytest.approx(0.75)
    assert score("written", 0.5, [SURE, DOUBTED]) == pytest.approx(0.6)
    assert score("written", 0.5, [SURE, WITHHELD]) == pytest.approx(0.375)


def test_nothing_shown_is_nothing_sure() -> None:
    assert score("written", 0.9, []) == score("quoted", 0.9, [WITHHELD]) == 0.0


def test_calibration_goes_in_straight_lines_from_point_to_point() -> None:
    calibration = Calibration(points={"written": [(0.0, 0.1), (0.5, 0.3), (1.0, 0.9)]})
    assert [calibration.applied("written", raw) for raw in (0.0, 0.25, 0.75, 1.0)] == pytest.approx(
        [0.1, 0.2, 0.6, 0.9]
    )
    assert calibration.applied("quoted", 0.37) == 0.37


async def test_passages_that_say_what_is_asked_are_surer() -> None:
    near = passage("Mars has two moons.", dense=0.8)
    far = passage("Bread is baked.", dense=0.1)
    question = "How many moons has Mars?"
    assert await SearchJudge().confidence(question, [near, far]) > await SearchJudge().confidence(question, [far, far])
    assert await SearchJudge().confidence(question, []) == 0.0


async def test_of_another_language_nothing_is_said() -> None:
    found = passage("Der Mars hat zwei Monde, und sie heißen Phobos und Deimos.", dense=0.1)
    assert await SearchJudge().confidence("How many moons does the planet have?", [found]) == UNREAD
