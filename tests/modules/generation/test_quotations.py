"""Neighbouring sentences of a document, as a model that quotes tells them."""

from typing import Any

import pytest

from footnote.modules.generation.models import Answer
from footnote.platform.safety.instructions.detector import InstructionDetector
from footnote.platform.safety.safety import Safety

MOONS, LARGER, NAME = "Mars has two moons.", "Phobos is the larger.", "It is named after fear."
MARS = f"{MOONS} {LARGER}\n{NAME}"
MAIL = "Write to jane@example.org."


def footnotes(answer: Answer) -> list[tuple[str, list[str]]]:
    """Each sentence with what it cites."""
    return [(each.text, [answer.citations[index].quote for index in each.citations]) for each in answer.sentences]


async def test_neighbours_share_a_footnote(make_desk: Any) -> None:
    desk = make_desk(f"{MOONS} [1]\n{LARGER} [1]\n{NAME} [1]\n", mars=MARS)
    answer = await desk.answer()
    assert footnotes(answer) == [(MOONS, [MARS]), (LARGER, [MARS]), (NAME, [MARS])]
    (citation,) = answer.citations
    assert desk.library.canonical("mars")[citation.start : citation.end] == citation.quote


async def test_marks_may_stand_apart_from_words(make_desk: Any) -> None:
    text = "Mars has two moons . Phobos is the larger ."
    answer = await make_desk(f"{MOONS} [1]\n{LARGER} [1]\n", mars=text).answer()
    assert footnotes(answer) == [(MOONS, [text.removesuffix(" .")]), (LARGER, [text.removesuffix(" .")])]


async def test_no_word_between_them_is_taken_into_their_footnote(make_desk: Any) -> None:
    answer = await make_desk(f"{MOONS} [1]\n{NAME} [1]\n", mars=f"{MOONS} Yes! {NAME}").answer()
    assert footnotes(answer) == [(MOONS, [MOONS]), (NAME, [NAME])]


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param(f"{LARGER} [1]\n{MOONS} [1]\n", id="not in their order"),
        pytest.param(f"{MOONS} [1]\n{NAME} [1]\n", id="with a sentence between them"),
    ],
)
async def test_others_have_footnotes_of_their_own(make_desk: Any, draft: str) -> None:
    answer = await make_desk(draft, mars=MARS).answer()
    assert all([text] == quotes for text, quotes in footnotes(answer))
    assert len(answer.citations) == 2


async def test_what_is_withheld_is_in_no_footnote(make_desk: Any) -> None:
    desk = make_desk(f"{MOONS} [1]\nPhobos is the smaller. [1]\n{NAME} [1]\n", mars=MARS)
    assert footnotes(await desk.answer()) == [(MOONS, [MOONS]), ("", []), (NAME, [NAME])]


async def test_two_documents_have_two_footnotes(make_desk: Any) -> None:
    answer = await make_desk(f"{MOONS} [1]\nIt is red. [2]\n", mars=MOONS, dust="It is red.").answer()
    assert footnotes(answer) == [(MOONS, [MOONS]), ("It is red.", ["It is red."])]


async def test_a_model_that_writes_has_a_footnote_for_each_sentence(make_desk: Any) -> None:
    answer = await make_desk(f"{MOONS} [1] {LARGER} [1]", quotes=False, mars=MARS).answer()
    assert footnotes(answer) == [(MOONS, [MOONS]), (LARGER, [LARGER])]


async def test_personal_data_is_masked_in_a_shared_footnote_too(make_desk: Any) -> None:
    safety = Safety(InstructionDetector(None), personal_data="mask")
    desk = make_desk(f"{MOONS} [1]\n{MAIL} [1]\n", safety=safety, mars=f"{MOONS} {MAIL}")
    (citation,) = (await desk.answer()).citations
    assert citation.quote == f"{MOONS} Write to [email]."


async def test_sentences_are_told_with_the_footnote_that_is_stored(make_desk: Any) -> None:
    desk = make_desk(f"{MOONS} [1]\n{LARGER} [1]\n{NAME} [1]\n", mars=MARS)
    told = [event async for event in desk.stream()]
    names = [
        type(event).__name__ for event in told if type(event).__name__ in ("Token", "CitationFound", "SentenceDone")
    ]
    assert names == ["Token", "CitationFound", "SentenceDone", *["Token", "SentenceDone"] * 2]
