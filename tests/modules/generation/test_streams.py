"""Streams of answers that are left and taken up again."""

import asyncio
from contextlib import aclosing, suppress
from typing import Any

import msgspec
import pytest

from footnote.modules.generation import CitationFound, Done, Passages, Question, SentenceDone, Status, Token
from footnote.modules.generation.cursor import START, Cursor, Told, parse_cursor
from footnote.modules.generation.errors import AnswerCancelled, AnswerNotFound, InvalidEventId
from footnote.modules.generation.streams import MOST_ALONE, AnswerStreams
from footnote.platform.errors import Unavailable
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")
BOB = Principal(tenant="acme", subject="bob")
QUESTION = Question(text="How many moons?")
DRAFT = "Mars has two moons. [1] Mars is ruled by cats. [1] A day there lasts 243 days. [2]"
LONG = DRAFT * 200


async def all_of(told: Any) -> list[Told]:
    return [each async for each in told]


async def until(told: Any, kind: type) -> Told:
    """Leave after the first event of that kind."""
    async with aclosing(told):
        async for each in told:
            if isinstance(each.event, kind):
                return each
    raise AssertionError(kind)


def text_of(told: list[Told]) -> str:
    return "".join(each.event.text for each in told if isinstance(each.event, Token))


async def ended(streams: AnswerStreams) -> None:
    while streams.under_way:
        await asyncio.sleep(0.005)


async def test_every_event_names_the_answer_and_has_an_id_of_its_own(make_desk: Any) -> None:
    told = await all_of(AnswerStreams(make_desk(DRAFT).service).ask(ANN, QUESTION))
    assert isinstance(told[0].event, Status)
    assert {each.answer_id for each in told} == {told[-1].event.answer.id}
    assert len({str(each.cursor) for each in told}) == len(told)


async def test_who_leaves_cancels_the_answer_at_once(make_desk: Any) -> None:
    desk = make_desk(LONG, pause=0.001)
    streams = AnswerStreams(desk.service)
    await until(streams.ask(ANN, QUESTION), Token)
    assert desk.model.is_closed
    assert streams.under_way == 0
    assert await desk.stored() == ""


async def test_an_answer_that_may_be_resumed_goes_on_without_a_listener(make_desk: Any) -> None:
    desk = make_desk(DRAFT, pause=0.001)
    streams = AnswerStreams(desk.service)
    left = await until(streams.ask(ANN, QUESTION, stays=60), Token)
    await ended(streams)
    assert (await desk.service.read(ANN, left.answer_id)).text == "Mars has two moons. A day there lasts 243 days."


async def test_it_is_cancelled_if_nobody_comes_back_in_time(make_desk: Any) -> None:
    desk = make_desk(LONG, pause=0.001)
    streams = AnswerStreams(desk.service)
    await until(streams.ask(ANN, QUESTION, stays=0.01), Token)
    await ended(streams)
    assert desk.model.is_closed
    assert await desk.stored() == ""


@pytest.mark.parametrize("is_running", [True, False])
@pytest.mark.parametrize("kind", [Status, Passages, Token, CitationFound, SentenceDone])
async def test_what_was_heard_and_what_is_resumed_make_one_answer(make_desk: Any, kind: type, is_running: bool) -> None:
    streams = AnswerStreams(make_desk(DRAFT, pause=0.001).service)
    heard: list[Told] = []
    async with aclosing(streams.ask(ANN, QUESTION, stays=60)) as told:
        async for each in told:
            heard.append(each)
            if isinstance(each.event, kind):
                break
    if not is_running:
        await ended(streams)
    rest = await all_of(streams.resume(ANN, each.answer_id, parse_cursor(str(each.cursor))))
    assert text_of(heard) + text_of(rest) == rest[-1].event.answer.text
    sentences = [each.event.index for each in heard + rest if isinstance(each.event, SentenceDone)]
    assert sentences == [0, 1, 2]


async def test_a_stored_answer_is_told_again_from_the_beginning(make_desk: Any) -> None:
    streams = AnswerStreams(make_desk(DRAFT).service)
    first = await all_of(streams.ask(ANN, QUESTION))
    again = await all_of(streams.resume(ANN, first[0].answer_id, START))
    kinds = (Passages, Token, CitationFound, SentenceDone, Done)
    assert [e.event for e in again if isinstance(e.event, kinds)] == [
        e.event for e in first if isinstance(e.event, kinds)
    ]


async def test_several_may_listen_to_one_answer(make_desk: Any) -> None:
    streams = AnswerStreams(make_desk(DRAFT, pause=0.001).service)
    first = streams.ask(ANN, QUESTION)
    begun = await anext(first)
    second, rest = await asyncio.gather(all_of(streams.resume(ANN, begun.answer_id, START)), all_of(first))
    assert second[-1] == rest[-1]


@pytest.mark.parametrize("is_running", [True, False])
async def test_a_resumed_stream_holds_nothing_that_was_withheld(make_desk: Any, is_running: bool) -> None:
    streams = AnswerStreams(make_desk(DRAFT, pause=0.001).service)
    left = await until(streams.ask(ANN, QUESTION, stays=60), Token)
    if not is_running:
        await ended(streams)
    assert b"cats" not in msgspec.json.encode(await all_of(streams.resume(ANN, left.answer_id, START)))


@pytest.mark.parametrize("is_running", [True, False])
async def test_what_was_shut_away_meanwhile_is_not_told(make_desk: Any, is_running: bool) -> None:
    desk = make_desk(DRAFT, pause=0.001)
    streams = AnswerStreams(desk.service)
    left = await until(streams.ask(ANN, QUESTION, stays=60), SentenceDone)
    if not is_running:
        await ended(streams)
    desk.library.hidden.add("mars")
    told = await all_of(streams.resume(ANN, left.answer_id, START))
    assert b"two moons" not in msgspec.json.encode([each.event for each in told])
    assert told[-1].event.answer.text == "A day there lasts 243 days."


async def test_nobody_else_can_take_up_or_cancel_an_answer(make_desk: Any) -> None:
    streams = AnswerStreams(make_desk(LONG, pause=0.001).service)
    async with aclosing(streams.ask(ANN, QUESTION)) as told:
        begun = await anext(told)
        with pytest.raises(AnswerNotFound):
            await all_of(streams.resume(BOB, begun.answer_id, START))
        with pytest.raises(AnswerNotFound):
            await streams.cancel(BOB, begun.answer_id)


async def test_a_cancelled_answer_ends_for_all_who_listen(make_desk: Any) -> None:
    desk = make_desk(LONG, pause=0.001)
    streams = AnswerStreams(desk.service)
    told = streams.ask(ANN, QUESTION, stays=60)
    begun = await anext(told)
    await streams.cancel(ANN, begun.answer_id)
    with pytest.raises(AnswerCancelled):
        await all_of(told)
    with pytest.raises(AnswerCancelled):
        await all_of(streams.resume(ANN, begun.answer_id, START))
    assert streams.under_way == 0


async def test_who_was_away_learns_how_an_answer_failed(make_desk: Any) -> None:
    streams = AnswerStreams(make_desk("Mars has two moons. [1] And", Unavailable("gone")).service)
    left = await until(streams.ask(ANN, QUESTION, stays=60), Status)
    await ended(streams)
    with pytest.raises(Unavailable):
        await all_of(streams.resume(ANN, left.answer_id, left.cursor))


async def test_an_answer_that_another_process_makes_is_told_once_it_is_whole(make_desk: Any) -> None:
    desk = make_desk(DRAFT, pause=0.02)
    maker, other = AnswerStreams(desk.service), AnswerStreams(desk.service)
    left = await until(maker.ask(ANN, QUESTION, stays=60), Token)
    told = await all_of(other.resume(ANN, left.answer_id, left.cursor))
    assert isinstance(told[-1].event, Done)
    assert text_of(told) == " A day there lasts 243 days."


async def test_one_person_leaves_only_so_many_answers_alone(make_desk: Any) -> None:
    streams = AnswerStreams(make_desk(LONG, pause=0.01).service)
    for _ in range(MOST_ALONE + 2):
        await until(streams.ask(ANN, QUESTION, stays=60), Status)
    assert streams.under_way == MOST_ALONE
    await streams.close()
    assert streams.under_way == 0


async def test_a_refusal_comes_before_any_event(make_desk: Any) -> None:
    with pytest.raises(Exception, match="no words"):
        await anext(AnswerStreams(make_desk(DRAFT).service).ask(ANN, Question(text=" ")))


async def test_an_unknown_event_id_is_refused() -> None:
    assert parse_cursor("3-1-0") == Cursor(3, 1, 0)
    for wrong in ("x", "1-2", "1-2-3-4", "-1-0-0", "9" * 40):
        with pytest.raises(InvalidEventId):
            parse_cursor(wrong)


async def test_nothing_is_left_of_answers_that_ended(make_desk: Any) -> None:
    streams = AnswerStreams(make_desk(DRAFT).service)
    for _ in range(3):
        await all_of(streams.ask(ANN, QUESTION))
    with suppress(AnswerCancelled):
        await until(streams.ask(ANN, QUESTION), Token)
    assert streams._runs == streams._ends == {}


async def test_what_a_follow_up_leant_on_is_not_told_once_it_is_shut_away(make_desk: Any) -> None:
    desk = make_desk("Phobos is the larger of the two. [1]", pause=0.01)
    first = await desk.ask("Which moon of Mars is larger?", conversation_id="new")
    desk.library.texts = {"moons": "Phobos is the larger of the two."}
    streams = AnswerStreams(desk.service)
    question = Question(text="Who found it?", conversation_id=first.conversation_id)
    left = await until(streams.ask(ANN, question, stays=60), Passages)
    desk.library.hidden.add("mars")
    told = await all_of(streams.resume(ANN, left.answer_id, START))
    assert "Who found Phobos?" not in str(told)
    assert told[-1].event.answer.text == "Phobos is the larger of the two."


async def test_many_who_leave_at_once_leave_nothing_running(make_desk: Any) -> None:
    streams = AnswerStreams(make_desk(LONG, pause=0.01).service)
    await asyncio.gather(*(until(streams.ask(ANN, QUESTION), Passages) for _ in range(100)))
    assert streams.under_way == 0
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
