"""Misspelt words on MongoDB, corrected by the chunks that the rest of the question leads to."""

from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest
from support.shelf import ANN, EAST, Shelf, opened_shelf
from support.stores import mongo_store

from footnote.modules.retrieval.fusion import convex, hybrid
from footnote.modules.retrieval.repository import Probe
from footnote.modules.retrieval.repository.mongo_spelling import one_off
from footnote.modules.retrieval.stages import Stages
from footnote.platform.principal import Principal

BOB = Principal(tenant="acme", subject="bob")
NORTH = (0.0, 1.0, 0.0, 0.0)


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with mongo_store() as store, opened_shelf(store) as opened:
        yield opened


async def asked(shelf: Shelf, text: str, who: Principal = ANN, near: Sequence[float] | None = EAST) -> Stages:
    embedding = None if near is None else np.array(near, np.float32)
    stages = Stages()
    probe = Probe(embedding=embedding, text=text, filter=None, depth=10)
    found = await shelf.index.search(who, probe, hybrid(convex(0.5), 10), stages)
    stages.notes = [passage.text for passage in found if passage.scores.lexical]
    return stages


async def test_a_misspelt_word_is_found_by_what_is_meant(shelf: Shelf) -> None:
    await shelf.add("d1", "the government", "an owl")
    stages = await asked(shelf, "goverment")
    assert (stages.notes, stages.corrected) == (["the government"], {"goverment": ["government"]})


async def test_other_words_of_the_question_lead_to_the_right_spelling(shelf: Shelf) -> None:
    await shelf.add("d1", "the government of owls", "owls")
    stages = await asked(shelf, "goverment owls", near=None)
    assert (stages.notes[0], stages.corrected) == ("the government of owls", {"goverment": ["government"]})


async def test_a_misspelt_word_alone_is_found_by_words_alone(shelf: Shelf) -> None:
    await shelf.add("d1", "the government", *["an owl"] * 20)
    stages = await asked(shelf, "goverment", near=None)
    assert (stages.notes, stages.corrected) == (["the government"], {"goverment": ["government"]})


async def test_a_right_spelling_is_found_where_no_other_word_of_the_question_stands(shelf: Shelf) -> None:
    await shelf.add("d1", "the government", "owls")
    assert (await asked(shelf, "goverment owls", near=None)).corrected == {"goverment": ["government"]}


@pytest.mark.parametrize("slip", ["goverment", "govvernment", "gavernment", "govenrment"])
def test_one_slip_is_made_good(slip: str) -> None:
    assert "government" in one_off(slip)


def test_other_alphabets_have_slips_too() -> None:
    assert "город" in one_off("горд")


async def test_a_word_that_is_there_is_not_corrected(shelf: Shelf) -> None:
    await shelf.add("d1", "a form", "the farm")
    assert (await asked(shelf, "form")).corrected == {}


async def test_nothing_is_corrected_by_what_the_reader_may_not_see(shelf: Shelf) -> None:
    await shelf.add("d1", "the government")
    await shelf.add("d2", "an owl", readers=("user:bob",))
    assert (await asked(shelf, "goverment", BOB)).corrected == {}


async def test_each_word_is_corrected_in_the_language_of_the_chunks(shelf: Shelf) -> None:
    await shelf.add("d1", "die Regierung", language="de")
    await shelf.add("d2", "the government")
    assert (await asked(shelf, "goverment")).corrected == {"goverment": ["government"]}
    assert (await asked(shelf, "Regirung")).corrected == {"regirung": ["regierung"]}


async def test_a_rare_word_is_found_among_many_chunks_of_a_common_one(shelf: Shelf) -> None:
    await shelf.add("d1", *["fox fox fox"] * 40, "a fox and an owl and much else that nobody asks for")
    probe = Probe(embedding=None, text="fox owl", filter=None, depth=10)
    [first, *_] = await shelf.index.search(ANN, probe, hybrid(convex(0.5), 10), Stages())
    assert first.text.startswith("a fox and an owl")
