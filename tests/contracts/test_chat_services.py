"""What holds for the adapter of every chat model, each through its own client against its own wire format."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator

import pytest
from support.chat_formats import CACHED, READ, TEXTS, THOUGHT, WRITTEN, Said
from support.chat_server import KEY, NAMES, ChatServer, open_service
from support.chat_streams import QUESTION, events_of

from footnote.platform.inference import (
    ChatRequest,
    Image,
    Message,
    Stop,
    TextDelta,
    ThoughtDelta,
    Tool,
    ToolCall,
    Usage,
)
from footnote.platform.inference.calls import KeyMissing
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.inference.calls.errors import Fault

SCHEMA = {
    "type": "object",
    "properties": {"colour": {"type": "string"}},
    "required": ["colour"],
    "additionalProperties": False,
}
LOOK = Tool(name="look", description="Looks closer.", parameters=SCHEMA)
PICTURE = Image(content=b"\x89PNG\r\n not really", media_type="image/png")


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[ChatServer]:
    with ChatServer(request.param).serving() as server:
        yield server


@pytest.fixture
async def service(server: ChatServer) -> AsyncIterator[ChatService]:
    service = open_service(server)
    yield service
    await service.close()


def sent(server: ChatServer) -> str:
    return json.dumps(server.requests[-1].content)


async def test_text_comes_as_it_is_written_then_usage_and_the_end(service: ChatService) -> None:
    *deltas, usage, stop = await events_of(service)
    assert [event for event in deltas if not isinstance(event, Usage)] == [TextDelta(text) for text in TEXTS]
    assert isinstance(usage, Usage)
    told = (usage.input_tokens, usage.cached_tokens, usage.output_tokens, usage.thought_tokens)
    assert told == (READ, CACHED, WRITTEN, THOUGHT)
    assert stop == Stop(reason="end")


async def test_the_question_and_the_system_prompt_are_sent(service: ChatService, server: ChatServer) -> None:
    await events_of(service)
    assert "Be brief." in sent(server)
    assert "Which colour is it?" in sent(server)


async def test_the_key_is_sent_as_the_service_wants_it(service: ChatService, server: ChatServer) -> None:
    await events_of(service)
    headers = server.requests[-1].headers
    assert KEY in {headers.get("authorization", "").removeprefix("Bearer "), *headers.values()}


async def test_thoughts_are_streamed_where_they_are_asked_for(service: ChatService, server: ChatServer) -> None:
    server.said = Said(thoughts=("Fire ", "is red."))
    events = await events_of(service, thinking())
    thoughts = "".join(event.text for event in events if isinstance(event, ThoughtDelta))
    assert thoughts.replace("\n", "") == "Fire is red."
    assert [event for event in events if isinstance(event, TextDelta)] == [TextDelta(text) for text in TEXTS]


async def test_thoughts_that_come_unasked_are_told_apart_from_the_text(
    service: ChatService, server: ChatServer
) -> None:
    server.said = Said(thoughts=("Fire ", "is red."))
    events = await events_of(service)
    assert "Fire" in "".join(event.text for event in events if isinstance(event, ThoughtDelta))
    assert [event for event in events if isinstance(event, TextDelta)] == [TextDelta(text) for text in TEXTS]


def thinking() -> ChatRequest:
    return ChatRequest(messages=QUESTION.messages, effort="medium", thoughts=True)


async def test_thoughts_have_room_beside_what_is_written(service: ChatService, server: ChatServer) -> None:
    await events_of(service, thinking())
    assert max(numbers_in(server.requests[-1].content)) > QUESTION.max_tokens


def numbers_in(value: object) -> Iterator[int]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


async def test_a_call_of_a_tool_comes_whole(service: ChatService, server: ChatServer) -> None:
    server.said = Said(texts=(), calls=(("call_a", "look", '{"colour": "red"}'),))
    *_, call, usage, stop = await events_of(service, ChatRequest(messages=QUESTION.messages, tools=(LOOK,)))
    assert isinstance(call, ToolCall)
    assert (call.id, call.name, json.loads(call.arguments)) == ("call_a", "look", {"colour": "red"})
    assert isinstance(usage, Usage)
    assert stop == Stop(reason="tool_calls")


async def test_several_calls_of_tools_keep_apart(service: ChatService, server: ChatServer) -> None:
    server.said = Said(texts=(), calls=(("a", "look", '{"colour": "red"}'), ("b", "look", '{"colour": "blue"}')))
    events = await events_of(service, ChatRequest(messages=QUESTION.messages, tools=(LOOK,)))
    calls = [event for event in events if isinstance(event, ToolCall)]
    assert [(call.id, json.loads(call.arguments)["colour"]) for call in calls] == [("a", "red"), ("b", "blue")]


async def test_tools_are_offered_with_their_schema(service: ChatService, server: ChatServer) -> None:
    await events_of(service, ChatRequest(messages=QUESTION.messages, tools=(LOOK,)))
    assert all(words in sent(server) for words in ("look", "Looks closer.", "colour"))


async def test_what_a_tool_has_answered_is_sent_with_its_call(service: ChatService, server: ChatServer) -> None:
    call = ToolCall(id="call_a", name="look", arguments='{"colour": "red"}')
    asked = Message(role="assistant", text="", tool_calls=(call,))
    answered = Message(role="user", text="It shines.", answers_call="call_a")
    await events_of(service, ChatRequest(messages=(*QUESTION.messages, asked, answered), tools=(LOOK,)))
    assert sent(server).count("call_a") == 2
    assert "It shines." in sent(server)


async def test_a_picture_arrives_as_it_is(service: ChatService, server: ChatServer) -> None:
    message = Message(role="user", text="What is this?", images=(PICTURE,))
    await events_of(service, ChatRequest(messages=(message,)))
    [coded] = [text for text in texts_in(server.requests[-1].content) if len(text) > 20]
    coded = coded.removeprefix("data:image/png;base64,").replace("-", "+").replace("_", "/")
    assert base64.b64decode(coded) == PICTURE.content


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value


async def test_an_answer_is_held_to_a_schema(service: ChatService, server: ChatServer) -> None:
    server.said = Said(texts=('{"colour": ', '"red"}'))
    events = await events_of(service, ChatRequest(messages=QUESTION.messages, schema=SCHEMA))
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert json.loads(text) == {"colour": "red"}
    assert "colour" in sent(server)


async def test_a_schema_that_a_model_does_not_take_is_asked_for_in_words(
    service: ChatService, server: ChatServer
) -> None:
    request = ChatRequest(system="Be brief.", messages=QUESTION.messages, schema=SCHEMA)
    server.replies = [server.refusal(400, "this model knows no response_format, no schema") for _ in range(2)]
    while (await outcome_of(service, request)) == "learned":
        assert len(server.requests) < 3
    assert "JSON of this schema" in sent(server)
    assert "Be brief." in sent(server)


async def outcome_of(service: ChatService, request: ChatRequest) -> str:
    try:
        await events_of(service, request)
    except Fault as fault:
        return "learned" if fault.learned else "failed"
    return "answered"


@pytest.mark.parametrize("schema", [{"type": ["string", "null"]}, {"$ref": "#/$defs/a", "$defs": {"a": {}}}])
async def test_any_schema_can_be_sent(service: ChatService, schema: dict[str, object]) -> None:
    assert await outcome_of(service, ChatRequest(messages=QUESTION.messages, schema=schema)) == "answered"


async def test_a_turn_of_each_side_is_sent_in_order(service: ChatService, server: ChatServer) -> None:
    said = Message(role="assistant", text="It is red.")
    again = Message(role="user", text="And now?")
    await events_of(service, ChatRequest(messages=(*QUESTION.messages, said, again)))
    places = [sent(server).index(text) for text in ("Which colour", "It is red.", "And now?")]
    assert places == sorted(places)


async def test_any_text_can_be_sent(service: ChatService, server: ChatServer) -> None:
    await events_of(service, ChatRequest(system="\udc80", messages=(Message(role="user", text="half \ud83d"),)))
    assert "half ?" in sent(server)


@pytest.mark.parametrize("stop", ["length", "refused"])
async def test_it_tells_why_a_model_stopped(service: ChatService, server: ChatServer, stop: str) -> None:
    server.said = Said(stop=stop)
    [*_, last] = await events_of(service)
    assert isinstance(last, Stop)
    assert last.reason == stop


async def test_the_limit_is_sent(service: ChatService, server: ChatServer) -> None:
    await events_of(service, ChatRequest(messages=QUESTION.messages, max_tokens=777))
    assert set(numbers_in(server.requests[-1].content)) & {777, 777 + 2048}


async def test_nothing_is_sent_before_the_first_event_is_asked_for(service: ChatService, server: ChatServer) -> None:
    stream = service.stream(QUESTION)
    await stream.aclose()
    assert server.requests == []


async def test_many_streams_are_open_at_once(service: ChatService, server: ChatServer) -> None:
    server.replies = [server.parts(server.until_text, "silence") for _ in range(120)]
    streams = [service.stream(QUESTION) for _ in range(120)]
    firsts = await asyncio.gather(*(anext(stream) for stream in streams))
    assert len(firsts) == 120
    await asyncio.gather(*(stream.aclose() for stream in streams))


async def test_a_missing_key_is_told_by_its_setting(server: ChatServer) -> None:
    with pytest.raises(KeyMissing, match="Set FOOTNOTE_SOME_API_KEY"):
        open_service(server, key="")
