"""The model that quotes, with the real embeddings."""

from collections.abc import Sequence

import pytest

from footnote.platform.inference import ChatEvent, ChatRequest, Quoting, Source, Stop, TextDelta
from footnote.platform.inference.extractive import ExtractiveModel, SentenceRanker, signals
from footnote.platform.inference.extractive.candidates import candidates
from footnote.platform.inference.local import LocalEmbedder, LocalTokenizer

MARS = "Mars is the fourth planet. It has two moons. Its day lasts a little longer than a day on Earth."
VENUS = "Venus has no moons. Its atmosphere is mostly carbon dioxide [12]. It spins backwards."
SALES = "Sales of the year\n\nIn millions | 2022 | 2021\nRevenue | 5,931 | 7,103\nCost of revenue | 2,754 | 2,472"

ASKED = "Is it far?\n\nTwo hours by train.\n\nWho may come?\n\nAnyone with a ticket."


def sources(*texts: str) -> tuple[Source, ...]:
    return tuple(
        Source(number=number, title="Notes", text=text, score=1.0) for number, text in enumerate(texts, start=1)
    )


async def drafted(
    embedder: LocalEmbedder, question: str, texts: Sequence[str] = (MARS, VENUS), **limits: int
) -> list[ChatEvent]:
    model = ExtractiveModel(SentenceRanker(embedder, LocalTokenizer()))
    request = ChatRequest(quoting=Quoting(question=question, sources=sources(*texts), **limits))
    return [event async for event in model.stream(request)]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("How many moons does Mars have?", "It has two moons. [1]\n"),
        ("What is the atmosphere of Venus made of?", "Its atmosphere is mostly carbon dioxide. [2]\n"),
        ("Which planet does not have moons?", "Venus has no moons. [2]\n"),
    ],
)
async def test_it_quotes_the_sentence_that_answers(embedder: LocalEmbedder, question: str, line: str) -> None:
    assert TextDelta(line) in await drafted(embedder, question)


async def test_it_keeps_within_its_limits(embedder: LocalEmbedder) -> None:
    events = await drafted(embedder, "How long is a day on Mars?", max_sentences=2, max_words=15)
    lines = [event.text for event in events if isinstance(event, TextDelta)]
    assert len(lines) <= 2
    assert sum(len(line.split()) - 1 for line in lines) <= 15


async def test_a_row_of_a_table_is_a_sentence(embedder: LocalEmbedder) -> None:
    events = await drafted(embedder, "What was the revenue in 2022?", [SALES], max_sentences=1)
    assert events[1] == TextDelta("Revenue | 5,931 | 7,103 [1]\n")


async def test_nothing_to_quote_is_an_abstention(embedder: LocalEmbedder) -> None:
    assert (await drafted(embedder, "Why?", ["", " \n"]))[-1] == Stop(reason="abstained")


async def test_the_same_question_gives_the_same_draft(embedder: LocalEmbedder) -> None:
    assert await drafted(embedder, "What is Venus?") == await drafted(embedder, "What is Venus?")


async def test_a_ranking_is_made_once_for_all_who_ask(embedder: LocalEmbedder) -> None:
    ranker = SentenceRanker(embedder, LocalTokenizer())
    assert await ranker.rank("Why?", sources(MARS)) is await ranker.rank("Why?", sources(MARS))


async def test_signals_tell_what_the_best_sentence_lacks(embedder: LocalEmbedder) -> None:
    ranker = SentenceRanker(embedder, LocalTokenizer())
    found = signals(await ranker.rank("Which moons did Galileo not see in 1610?", sources(MARS, VENUS)))
    assert found is not None
    assert (found.missing_names, found.missing_numbers, found.is_negated) == (1, 1, True)
    assert signals(await ranker.rank("Why?", ())) is None


async def test_what_is_far_less_likely_than_the_best_is_left_unsaid(embedder: LocalEmbedder) -> None:
    events = await drafted(embedder, "How many moons does Mars have?")
    assert not any("carbon dioxide" in event.text for event in events if isinstance(event, TextDelta))


async def test_a_passage_too_long_for_the_model_is_read_in_parts(embedder: LocalEmbedder) -> None:
    long = " ".join(f"Moon number {number} was found long ago by somebody." for number in range(80))
    ranker = SentenceRanker(embedder, LocalTokenizer())
    ranking = await ranker.rank("How long is a day on Earth?", sources(f"{long} A day on Earth has 24 hours. {long}"))
    assert ranking.sentences[0].candidate.text == "A day on Earth has 24 hours."
    assert len(ranking.sentences) == 161


async def test_rows_and_sentences_know_where_they_stand() -> None:
    found = candidates(sources(SALES))
    assert [SALES[each.start : each.end] for each in found] == [each.text for each in found]


async def test_what_stands_below_a_question_answers_it(embedder: LocalEmbedder) -> None:
    assert (await drafted(embedder, "Who can come?", [ASKED]))[1] == TextDelta("Anyone with a ticket. [1]\n")


async def test_what_only_asks_is_no_answer(embedder: LocalEmbedder) -> None:
    assert (await drafted(embedder, "What is it?", ["What is it?", "- Why (me)?"]))[-1] == Stop(reason="abstained")


def test_only_a_sentence_below_is_the_answer_to_a_question() -> None:
    below = {each.text: each.under for each in candidates(sources(ASKED, "- What is it?\n- It is.", "Why?\n\nNotes"))}
    assert {text for text, under in below.items() if under} == {"Two hours by train.", "Anyone with a ticket."}
