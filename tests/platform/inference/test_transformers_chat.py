"""The real transformers in a thread, on a tiny model whose weights make it say the same each time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from support.tiny_chat_model import POSITIONS, tiny_chat_model

from footnote.platform.inference import ChatEvent, ChatRequest, Message, Stop, TextDelta, ThoughtDelta, Tool, Usage
from footnote.platform.inference.calls import Endpoint
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.inference.transformers import ModelNotLoaded, TransformersChat, TransformersMissing

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_chat_model(tmp_path_factory.mktemp("model"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def service(folder: Path) -> AsyncIterator[TransformersChat]:
    service = open_service(folder)
    yield service
    await service.close()


def open_service(model: object) -> TransformersChat:
    endpoint = Endpoint(name=f"transformers:{model}", key_setting="", url_setting="", needs_key=False)
    return TransformersChat(endpoint, context_tokens=POSITIONS)


def asking(text: str = "What colour?", **options: Any) -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", text=text),), **options)


async def events_of(service: TransformersChat, request: ChatRequest) -> list[ChatEvent]:
    return [event async for event in service.stream(request)]


def text_of(events: list[ChatEvent], kind: type[TextDelta | ThoughtDelta] = TextDelta) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


async def test_an_answer_comes_word_by_word_then_usage_and_the_end(service: TransformersChat) -> None:
    events = await events_of(service, asking())
    assert text_of(events) == "It is red. [1]"
    assert len(events) > 4
    [usage, stop] = events[-2:]
    assert isinstance(usage, Usage)
    assert (usage.output_tokens, stop) == (6, Stop(reason="end"))
    assert usage.input_tokens > 0


async def test_the_limit_ends_an_answer(service: TransformersChat) -> None:
    events = await events_of(service, asking(max_tokens=3))
    assert text_of(events) == "It is red"
    assert events[-1] == Stop(reason="length")


async def test_an_answer_ends_with_what_the_model_can_hold(service: TransformersChat) -> None:
    *_, usage, stop = await events_of(service, asking("loop", max_tokens=10_000))
    assert isinstance(usage, Usage)
    assert usage.input_tokens + usage.output_tokens == POSITIONS
    assert stop == Stop(reason="length")


@pytest.mark.parametrize("asked_for", [True, False])
async def test_thoughts_are_told_from_the_answer(service: TransformersChat, asked_for: bool) -> None:
    events = await events_of(service, asking(thoughts=asked_for, effort="low"))
    assert text_of(events, ThoughtDelta) == " Fire burns"
    assert text_of(events) == "It is red. [1]"


async def test_closing_the_stream_ends_the_writing(service: TransformersChat) -> None:
    stream = service.stream(asking("loop", max_tokens=400))
    first = await anext(stream)
    await stream.aclose()
    assert isinstance(first, TextDelta)
    assert text_of(await events_of(service, asking())) == "It is red. [1]"


async def test_who_leaves_the_line_is_not_written_to(service: TransformersChat) -> None:
    ahead = service.stream(asking("loop", max_tokens=400))
    await anext(ahead)
    waiting = asyncio.create_task(events_of(service, asking()))
    await asyncio.sleep(0)
    waiting.cancel()
    await ahead.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert text_of(await events_of(service, asking())) == "It is red. [1]"


async def test_the_event_loop_goes_on_meanwhile(service: TransformersChat) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    events = await events_of(service, asking("loop", max_tokens=200))
    counting.cancel()
    assert turns > len(events)


async def test_several_ask_at_once_and_each_is_answered(service: TransformersChat) -> None:
    answers = await asyncio.gather(*(events_of(service, asking()) for _ in range(4)))
    assert {text_of(events) for events in answers} == {"It is red. [1]"}


async def test_a_prompt_that_is_too_long_is_refused(service: TransformersChat) -> None:
    with pytest.raises(Fault, match=f"reads and writes {POSITIONS}"):
        await events_of(service, asking("x" * POSITIONS))


async def test_tools_are_refused(service: TransformersChat) -> None:
    tool = Tool(name="look", description="Looks.", parameters={"type": "object"})
    with pytest.raises(Fault, match="takes neither tools nor pictures"):
        await events_of(service, asking(tools=(tool,)))


async def test_a_folder_without_a_model_is_told(folder: Path, tmp_path: Path) -> None:
    service = open_service(tmp_path)
    with pytest.raises(Fault, match="could not be loaded") as raised:
        await events_of(service, asking())
    await service.close()
    assert isinstance(raised.value.problem, ModelNotLoaded)
    assert not raised.value.again


async def test_a_missing_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footnote.platform.inference.transformers.chat.find_spec", lambda _name: None)
    with pytest.raises(TransformersMissing, match="make transformers"):
        open_service("any")
