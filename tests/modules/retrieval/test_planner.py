"""Plans of questions, with and without a text model."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.found import found

from footnote.modules.retrieval import Passage, Scores, SearchQuery
from footnote.modules.retrieval.filters import FieldType, parse_filter
from footnote.modules.retrieval.planning import PlannedQuery, Planner, Planning, fused
from footnote.modules.retrieval.planning.subjects import names
from footnote.platform.errors import Unavailable

ALL = Planning(wordings=True, parts=True, step_back=True, hypothetical=True, deadline=60)


class Writer:
    """A text model that writes what it is told."""

    name = "test:writer"

    def __init__(self, written: str | Exception, pause: float = 0.0) -> None:
        self._written = written
        self._pause = pause

    async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
        await asyncio.sleep(self._pause)
        if isinstance(self._written, Exception):
            raise self._written
        return self._written


def asked(text: str, **more: Any) -> SearchQuery:
    return SearchQuery(text=text, **more)


def reports() -> list[Passage]:
    return [found("Margin", document=title, title=title) for title in ("2023 Q1 Acme", "2023 Q2 Acme", "Notes")]


@given(st.text(max_size=200), st.sampled_from(["in the PDF of Q1 2023", "vs Acme", "latest", "(AB)", ""]))
def test_any_text_is_asked_as_it_is_first_and_within_the_filter_language(text: str, more: str) -> None:
    fields: dict[str, FieldType] = {"year": "number", "company": "string", "date": "time"}
    planner = Planner(planning=Planning(acronyms=True, comparisons=True), metadata_fields=fields)
    plan = asyncio.run(planner.plan(asked(text + more)))
    assert plan.queries[0] == PlannedQuery(text=text + more)
    assert all(parse_filter(each.filters, fields) for each in plan.queries if each.filters)


async def test_a_plain_question_is_asked_as_it_is() -> None:
    plan = await Planner().plan(asked("how many moons are there?"))
    assert plan.queries == (PlannedQuery(text="how many moons are there?"),)
    assert plan.wanted == 0
    assert plan.notes == ()


async def test_the_period_asked_for_is_preferred_in_a_second_round() -> None:
    planner, query = Planner(), asked("What was the margin in Q2 2023?")
    plan = await planner.plan(query)
    more = await planner.corrective(query, reports())
    assert plan.wanted > 10
    assert more is not None
    assert [each.filters for each in more.queries] == [{"document_id": {"in": ["2023 Q2 Acme"]}}]
    assert "2023 Q2 Acme" in more.notes[0].text


async def test_long_documents_about_what_the_question_names_are_preferred_without_asking_again() -> None:
    planner, query = Planner(), asked("What drives margins at Acme?")
    plan = await planner.plan(query)
    texts = {"a": "Acme sells anvils.", "b": "Anvils are sold."}
    passages = [
        found(f"{text} {place}", document=name, start=place) for name, text in texts.items() for place in range(3)
    ]
    more = await planner.corrective(query, passages)
    assert (plan.wanted, plan.wanted_of_long) == (0, 100)
    assert more is not None
    assert (more.queries, more.preferred) == ((), {"a"})


async def test_of_what_is_compared_the_document_that_hardly_says_its_name_counts_too() -> None:
    loud = [found("Bolt sold nails", document="b", title="B", start=20 * place) for place in range(9)]
    shy = [found(text, document="a", title="A", start=20 * len(text)) for text in ("Acme sold", "we sold", "our nails")]
    other = [found("nails", document="n", title="N", start=20 * place) for place in range(3)]
    more = await Planner().corrective(asked("Compare what Acme and Bolt sold"), [*loud, *shy, *other])
    assert more is not None
    assert more.preferred == {"a", "b"}


async def test_short_documents_speak_for_themselves() -> None:
    planner, query = Planner(), asked("What drives margins at Acme?")
    passages = [found("Acme sells.", document="a"), found("Anvils.", document="b"), found("Nails.", document="c")]
    assert await planner.corrective(query, passages) is None


def test_no_name_has_letters_without_end() -> None:
    assert names(f"Did Mars meet {'A' * 61} or Venus?") == ("mars", "venus")


async def test_the_period_is_sought_among_documents_about_the_subject() -> None:
    planner, query = Planner(), asked("How was Acme in Q2 2023?")
    titles = ["2023 Q1 Acme", "2023 Q2 Acme", "2023 Q1 Bolt", "2023 Q2 Bolt"]
    passages = [
        found(f"Margin {place}", document=each, title=each, start=place) for each in titles for place in range(3)
    ]
    more = await planner.corrective(query, passages)
    assert more is not None
    assert [each.filters for each in more.queries] == [{"document_id": {"in": ["2023 Q2 Acme"]}}]


async def test_filters_of_the_question_leave_room_or_nothing_is_added() -> None:
    crowded = {"or": [{"language": "en"}] * 100}
    planner, query = Planner(), asked("the margin in Q2 2023 in the PDF", filters=crowded)
    plan = await planner.plan(query)
    assert len(plan.queries) == 1
    assert await planner.corrective(query, reports()) is None


async def test_a_question_of_more_years_than_a_filter_may_have_is_asked_as_it_is() -> None:
    planner = Planner(metadata_fields={"date": "time"})
    plan = await planner.plan(asked(" ".join(map(str, range(1920, 1990)))))
    assert [each.kind for each in plan.queries] == ["original"]


async def test_a_kind_of_file_is_preferred_and_explained() -> None:
    plan = await Planner().plan(asked("What is the total in the spreadsheet?"))
    assert [each.kind for each in plan.queries] == ["original", "filtered"]
    note = plan.queries[1].note
    assert note is not None
    assert "`media_type` is" in note.text


async def test_stages_that_need_a_model_are_left_out_without_one() -> None:
    plan = await Planner(planning=ALL).plan(asked("Why?"))
    assert len(plan.queries) == 1
    assert {note.text for note in plan.notes} == {"left out: no text model is configured"}


async def test_a_model_gives_wordings_parts_and_a_supposed_answer() -> None:
    plan = await Planner(planning=ALL, model=Writer("1. One\n- Two\none\n\n")).plan(asked("Why?"))
    assert [each.text for each in plan.queries if each.kind == "wording"] == ["One", "Two"]
    assert [(each.mode, each.text) for each in plan.queries if each.kind == "hypothetical"] == [
        ("dense", "1. One - Two one")
    ]


@pytest.mark.parametrize("model", [Writer(Unavailable("down")), Writer("late", pause=3600), Writer("")])
async def test_a_model_that_fails_or_is_late_leaves_the_question_as_it_is(model: Writer) -> None:
    planning = Planning(wordings=True, hypothetical=True, deadline=0.05)
    plan = await Planner(planning=planning, model=model).plan(asked("Why?"))
    assert [each.kind for each in plan.queries] == ["original"]
    assert [note.stage for note in plan.notes] == ["wording", "hypothetical"]


async def test_what_may_be_written_the_next_time_is_told_apart() -> None:
    planning = Planning(wordings=True, deadline=0.05)
    down = await Planner(planning=planning, model=Writer(Unavailable("down"))).plan(asked("Why?"))
    wordless = await Planner(planning=planning, model=Writer("")).plan(asked("Why?"))
    assert (len(down.missed), wordless.missed) == (1, ())


async def test_what_a_model_writes_is_searched_as_the_question_is() -> None:
    planner = Planner(planning=ALL, model=Writer("another wording"))
    plan = await planner.plan(asked('the "red fox" of Bern', mode="lexical"))
    assert {each.mode for each in plan.queries} == {"lexical"}
    assert {each.text for each in plan.queries[1:]} == {'another wording "red fox"'}


async def test_no_supposed_answer_stands_for_a_phrase_in_quotes() -> None:
    plan = await Planner(planning=ALL, model=Writer("another wording")).plan(asked('the "red fox" of Bern'))
    assert "hypothetical" not in {each.kind for each in plan.queries}


async def test_a_lexical_search_gets_no_supposed_answer() -> None:
    planner = Planner(planning=Planning(hypothetical=True), model=Writer("Because."))
    plan = await planner.plan(asked("Why?", mode="lexical"))
    assert len(plan.queries) == 1


async def test_too_little_is_asked_again_with_mended_spelling() -> None:
    more = await Planner().corrective(asked("the monns of Marz?"), [], {"monns": ["moons", "monks"], "marz": ["mars"]})
    assert more is not None
    assert [(each.text, each.kind) for each in more.queries] == [("the moons of Marz?", "corrected")]


async def test_enough_is_not_asked_again() -> None:
    planner, query = Planner(model=Writer("other words")), asked("moons of Mars")
    near = [found("Mars has two moons.", scores=Scores(dense=0.3)), found("Venus", scores=Scores(dense=0.1))]
    assert await planner.corrective(query, near) is None


async def test_a_model_rewrites_what_found_too_little() -> None:
    planner, query = Planner(model=Writer("satellites of the red planet")), asked("moons of Mars")
    far = [found("Wages rose.", scores=Scores(dense=0.1))]
    more = await planner.corrective(query, far)
    assert more is not None
    assert more.queries[0].text == "satellites of the red planet"


async def test_acronyms_are_spelt_out_from_what_was_found() -> None:
    planner, query = Planner(planning=Planning(acronyms=True)), asked("What is the TSS?")
    more = await planner.corrective(query, [found("A Time Sharing System (TSS) is shared.")])
    assert more is not None
    assert more.queries[0].text == "What is the TSS? Time Sharing System"


async def test_words_of_the_best_passages_are_asked_for_too() -> None:
    best = [found(f"Phobos orbits Mars {number}", document=f"p{number}") for number in range(5)]
    rest = [found(f"Wages of the year {number}", document=f"w{number}", score=0.1) for number in range(9)]
    planner = Planner(planning=Planning(feedback=True))
    more = await planner.corrective(asked("moons of Mars"), [*best, *rest])
    assert more is not None
    assert more.queries[0].text == "moons of Mars orbits phobos"
    assert await planner.corrective(asked("moons of Mars"), best) is None


def test_what_a_preferred_query_finds_moves_up_and_nothing_else_moves() -> None:
    one, two, three = (found(name, document=name, score=score) for name, score in [("a", 0.9), ("b", 0.8), ("c", 0.7)])
    queries = [PlannedQuery(text="q"), PlannedQuery(text="q", kind="filtered", weight=0.25)]
    assert [each.text for each in fused(queries, [[one, two, three], []], 3)] == ["a", "b", "c"]
    moved = fused(queries, [[one, two, three], [three]], 2)
    assert [each.text for each in moved] == ["a", "c"]
    assert [each.ranks.fused for each in moved] == [1, 2]
    assert [each.score for each in moved] == pytest.approx([0.72, 0.7])


def test_passages_of_preferred_documents_move_up() -> None:
    one, two = found("a", document="a", score=9.0), found("b", document="b", score=8.0)
    moved = fused([PlannedQuery(text="q")], [[one, two]], 10, {"b"})
    assert [each.text for each in moved] == ["b", "a"]


def test_one_query_keeps_its_scores() -> None:
    one = found("a", score=0.31)
    assert fused([PlannedQuery(text="q")], [[one]], 10) == (one,)
