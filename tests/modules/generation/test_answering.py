"""From a question to a stored answer."""

from typing import Any

import pytest

from footnote.modules.generation.errors import EmptyQuestion, InvalidOption, QuestionTooLong, UnknownModel
from footnote.modules.generation.grounding.local import LocalVerifier
from footnote.modules.ingestion import Place
from footnote.modules.retrieval import Cells
from footnote.platform.errors import Unavailable
from footnote.platform.inference.paying import payer
from footnote.platform.principal import Principal

A1 = Cells(sheet="Moons", range="A1")
INVENTED = "Mars is ruled by cats."


async def test_a_supported_sentence_is_cited_with_what_stands_there(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]")
    answer = await desk.answer()
    (citation,) = answer.citations
    assert answer.text == "Mars has two moons."
    assert answer.sentences[0].verdict == "supported"
    assert citation.quote == desk.library.canonical("mars")[citation.start : citation.end] == "Mars has two moons."


async def test_a_citation_says_at_which_second_and_in_which_cells_its_words_stand(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]")
    desk.library.place = Place(pages=(), boxes=(), heading_path=(), cells=(A1,), seconds=(3.0, 5.5))
    (citation,) = (await desk.answer()).citations
    assert (citation.cells, citation.seconds) == ((A1,), (3.0, 5.5))


async def test_a_quote_keeps_the_line_breaks_of_its_page(make_desk: Any) -> None:
    answer = await make_desk("Phobos is the larger of the two. [1]").answer()
    assert answer.text == "Phobos is the larger of the two."
    assert answer.citations[0].quote == "Phobos is the larger\nof the two."


async def test_offsets_count_code_points_beyond_the_basic_plane(make_desk: Any) -> None:
    desk = make_desk("Venus 🌋 has no moons. [2] A day there lasts 243 days. [2]")
    answer = await desk.answer()
    assert [answer.text[s.start : s.end] for s in answer.sentences] == [s.text for s in answer.sentences]
    cited = answer.citations[0]
    assert desk.library.canonical("venus")[cited.start : cited.end] == cited.quote == answer.text


async def test_an_invented_sentence_is_withheld_everywhere(make_desk: Any) -> None:
    desk = make_desk(f"Mars has two moons. [1] {INVENTED} [1] A day there lasts 243 days. [2]")
    answer = await desk.answer()
    assert [s.verdict for s in answer.sentences] == ["supported", "withheld", "supported"]
    assert answer.text == "Mars has two moons. A day there lasts 243 days."
    assert answer.sentences[1].text == ""
    assert answer.sentences[1].start == answer.sentences[1].end
    assert "cats" not in await desk.stored()


async def test_annotate_shows_and_marks_what_is_unsupported(make_desk: Any) -> None:
    answer = await make_desk(f"{INVENTED} [1]").answer(grounding="annotate")
    assert answer.text == INVENTED
    assert answer.sentences[0].verdict == "unsupported"
    assert answer.citations == ()


async def test_off_shows_what_is_unsupported_without_a_mark(make_desk: Any) -> None:
    answer = await make_desk(f"{INVENTED} [1] Mars has two moons. [1]").answer(grounding="off")
    assert [s.verdict for s in answer.sentences] == ["uncited", "supported"]


@pytest.mark.parametrize(
    "draft",
    [
        "Mars has three moons. [1]",
        "Mars has three moons.",
        "Venus has two moons. [1]",
        "Venus has 24 moons. [2]",
        "A day there lasts 244 days. [2]",
        "Mars has two",
    ],
)
async def test_what_its_source_does_not_say_is_no_answer(make_desk: Any, draft: str) -> None:
    answer = await make_desk(draft).answer()
    assert answer.abstained
    assert answer.confidence == 0


@pytest.mark.parametrize("marks", [" [99]", " [0]", " [2]", ""])
async def test_a_wrong_or_missing_mark_is_mended(make_desk: Any, marks: str) -> None:
    answer = await make_desk(f"Mars has two moons.{marks}").answer()
    assert [citation.document_id for citation in answer.citations] == ["mars"]


async def test_a_wrong_source_beside_the_right_one_is_not_cited(make_desk: Any) -> None:
    answer = await make_desk("Mars has two moons. [1][2][99]").answer()
    assert [citation.document_id for citation in answer.citations] == ["mars"]


async def test_the_same_span_is_one_citation(make_desk: Any) -> None:
    answer = await make_desk("Mars has two moons. [1] Mars has two moons. [1]").answer()
    assert [s.citations for s in answer.sentences] == [(0,), (0,)]
    assert len(answer.citations) == 1


async def test_a_draft_that_stops_mid_sentence_keeps_what_was_whole(make_desk: Any) -> None:
    answer = await make_desk("Mars has two moons. [1] A day there la").answer()
    assert answer.text == "Mars has two moons."


async def test_too_little_evidence_is_an_abstention_that_shows_its_passages(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]", confidence=0.05)
    answer = await desk.answer()
    assert (answer.abstained, answer.text, answer.confidence) == (True, "The documents do not say.", 0.05)
    assert [s.verdict for s in answer.sentences] == ["uncited"]
    assert len(answer.passages) == 2
    assert desk.model.requests == []


async def test_an_answer_of_which_half_is_withheld_is_half_as_sure(make_desk: Any) -> None:
    answer = await make_desk(f"Mars has two moons. [1] {INVENTED} [1]", confidence=0.8).answer()
    assert answer.confidence == pytest.approx(0.4)


async def test_a_document_deleted_meanwhile_supports_nothing(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]")
    desk.library.hidden.add("mars")
    answer = await desk.answer()
    assert answer.abstained
    assert "moons.\\nPhobos" not in await desk.stored()


async def test_options_reach_the_search_and_the_model(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]")
    await desk.answer(top_k=1, max_sentences=2)
    assert desk.library.queries[0].top_k == 1
    assert desk.model.quoting.max_sentences == 2
    assert [source.number for source in desk.model.quoting.sources] == [1]


async def test_an_answer_says_what_it_took(make_desk: Any) -> None:
    answer = await make_desk("Mars has two moons. [1]").answer()
    assert answer.model == "test:scripted"
    assert answer.usage.input_tokens == 7
    assert {"retrieve", "judge", "draft", "verify", "cite", "total"} <= answer.timings_ms.keys()


async def test_a_question_is_refused_before_anything_is_searched(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]")
    with pytest.raises(EmptyQuestion):
        await desk.answer(" \n")
    with pytest.raises(QuestionTooLong, match="10001 characters; at most 10000"):
        await desk.answer("x" * 10_001)
    with pytest.raises(InvalidOption):
        await desk.answer(top_k=0)
    assert desk.library.queries == []


async def test_an_unknown_model_is_named_beside_the_known_ones(make_desk: Any) -> None:
    with pytest.raises(UnknownModel, match="test:scripted"):
        await make_desk("").answer(model="other:model")


async def test_a_model_that_fails_midway_stores_nothing(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1] A day ", Unavailable("The model is gone."))
    with pytest.raises(Unavailable):
        await desk.answer()
    assert await desk.stored() == ""


async def test_marks_name_sources_whatever_their_order_in_the_prompt(make_desk: Any) -> None:
    desk = make_desk("It is green. [3]", quotes=False, first="It is red.", second="It is blue.", third="It is green.")
    answer = await desk.answer()
    assert [source.number for source in desk.model.quoting.sources] == [1, 3, 2]
    assert [citation.document_id for citation in answer.citations] == ["third"]


async def test_who_asks_pays_for_the_judgement_of_sentences(make_desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    payers: set[Principal] = set()
    judge = LocalVerifier.judge

    async def noted(self: LocalVerifier, claims: Any) -> Any:
        payers.add(payer())
        return await judge(self, claims)

    monkeypatch.setattr(LocalVerifier, "judge", noted)
    bob = Principal(tenant="other", subject="bob")
    await make_desk("Mars has two moons. [1]").ask("How many moons?", principal=bob)
    assert payers == {bob}
