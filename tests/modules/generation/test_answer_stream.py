"""The events of an answer in the making."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import msgspec
import pytest

from footnote.modules.generation import CitationFound, Done, Passages, SentenceDone, Status, Token
from footnote.platform.errors import Unavailable

DRAFT = "Mars has two moons. [1] Mars is ruled by cats. [1] A day there lasts 243 days. [2]"

STEPS = ["guard", "contextualise", "plan", "retrieve", "judge", "pack", "screen", "prompt", "draft", "verify", "cite"]
STEPS += ["score", "store"]


async def events_of(stream: Any) -> list[Any]:
    return [event async for event in stream]


async def collect(stream: Any, seen: list[Any]) -> None:
    async for event in stream:
        seen.append(event)  # noqa: PERF401 - what came before an error must be there


async def test_stages_come_first_and_the_answer_last(make_desk: Any) -> None:
    events = await events_of(make_desk(DRAFT).stream())
    assert [event.step for event in events if isinstance(event, Status)] == STEPS
    assert isinstance(events[STEPS.index("screen")], Passages)
    assert isinstance(events[-1], Done)


async def test_a_sentence_follows_its_tokens_and_citations(make_desk: Any) -> None:
    events = await events_of(make_desk(DRAFT).stream())
    kinds = [type(event) for event in events if not isinstance(event, Status | Passages | Done)]
    assert kinds == [Token, CitationFound, SentenceDone, SentenceDone, Token, CitationFound, SentenceDone]


async def test_the_tokens_are_the_text_of_the_answer(make_desk: Any) -> None:
    events = await events_of(make_desk(DRAFT).stream())
    assert "".join(event.text for event in events if isinstance(event, Token)) == events[-1].answer.text


async def test_no_event_holds_what_is_withheld(make_desk: Any) -> None:
    events = await events_of(make_desk(DRAFT).stream())
    assert b"cats" not in msgspec.json.encode(events)


async def test_an_abstention_is_told_as_a_sentence(make_desk: Any) -> None:
    events = await events_of(make_desk(DRAFT, confidence=0.0).stream())
    assert [event.text for event in events if isinstance(event, Token | SentenceDone)] == [
        "The documents do not say."
    ] * 2


async def test_a_sentence_is_released_before_the_next_is_drafted(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1] And", Unavailable("The model is gone."), quotes=False)
    seen: list[Any] = []
    with pytest.raises(Unavailable):
        await collect(desk.stream(), seen)
    assert [event.text for event in seen if isinstance(event, SentenceDone)] == ["Mars has two moons."]
    assert not any(isinstance(event, Done) for event in seen)


async def test_a_listener_who_leaves_stops_the_model(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1] A day there lasts 243 days. [2]" * 100, pause=0.001)
    stream: AsyncGenerator[Any] = desk.stream()
    async for event in stream:
        if isinstance(event, Token):
            break
    await stream.aclose()
    assert desk.model.is_closed
    assert await desk.stored() == ""


async def test_nothing_runs_before_anybody_listens(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    stream = desk.stream()
    await asyncio.sleep(0)
    assert desk.library.queries == []
    await stream.aclose()
