"""The second search, in other words, where the first found too little."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from support.chat_models import OneModel

from footnote.modules.generation import Status
from footnote.modules.generation.correcting import Correction, loosened
from footnote.modules.retrieval import SearchQuery
from footnote.platform.errors import Unavailable
from footnote.platform.inference import ChatEvent, ChatRequest
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")
QUERY = SearchQuery(text="How many moons does the planet Mars have?", top_k=7)


class Writer:
    name = "test:writer"

    def __init__(self, text: str | Exception) -> None:
        self._text = text

    async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
        if isinstance(self._text, Exception):
            raise self._text
        return self._text


class NoModel:
    name = "test:none"
    context_tokens = 1

    def stream(self, _request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        raise AssertionError("nobody drafts here")


async def other_words(writer: Writer | None) -> list[str]:
    correction = Correction(OneModel(NoModel(), writer))
    return [query.text for query in await correction.queries(ANN, QUERY)]


async def test_a_model_finds_other_words() -> None:
    assert await other_words(Writer("\nsatellites of Mars\nand more")) == ["satellites of Mars"]


@pytest.mark.parametrize("writer", [None, Writer(Unavailable("Gone.")), Writer(QUERY.text), Writer(" \n")])
async def test_without_them_only_the_words_that_carry_meaning_are_asked(writer: Writer | None) -> None:
    assert await other_words(writer) == ["many moons planet Mars"]


def test_what_would_ask_the_same_again_is_not_asked() -> None:
    assert loosened("Mars moons?") is None
    assert loosened("Who is it?") is None


async def test_too_little_evidence_is_searched_for_once_more(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]", confidence=0.05)
    events = [event async for event in desk.stream("How many moons does Mars have?")]
    assert [query.text for query in desk.library.queries] == ["How many moons does Mars have?", "many moons Mars"]
    assert [event.step for event in events if isinstance(event, Status)].count("correct") == 1
    assert events[-1].answer.abstained


async def test_enough_evidence_is_searched_for_once(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1]", confidence=0.9)
    await desk.answer("How many moons does Mars have?")
    assert len(desk.library.queries) == 1
