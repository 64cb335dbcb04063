"""Short forms as passages define them."""

import pytest

from footnote.modules.retrieval.planning.acronyms import definitions, expanded


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("filed with the Securities and Exchange Commission (SEC).", {"SEC": "Securities and Exchange Commission"}),
        ("Amazon Web Services (“AWS”) grew; a Time Sharing System (TSS).", {"TSS": "Time Sharing System"}),
        ("heat shock proteins (HSPs) fold", {"HSP": "heat shock proteins"}),
        ("it fell (see Note 3) and (in part) rose (2023)", {}),
        ("(SEC) alone", {}),
        ("a wholly unrelated phrase (XQZ)", {}),
    ],
)
def test_a_definition_is_a_long_form_before_its_short_one(text: str, known: dict[str, str]) -> None:
    found = definitions([text])
    assert {short: long for short, long in found.items() if short in known or not known} == known


def test_a_question_gets_the_other_form() -> None:
    known = {"SEC": "Securities and Exchange Commission"}
    assert expanded("What must the SEC know?", known) == "What must the SEC know? Securities and Exchange Commission"
    assert expanded("Who leads the Securities and Exchange Commission?", known) == (
        "Who leads the Securities and Exchange Commission? SEC"
    )
    assert expanded("Is it in section 3?", known) is None
