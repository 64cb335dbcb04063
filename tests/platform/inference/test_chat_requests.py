"""What is asked of which model, where providers and their models differ."""

from typing import Any

import pytest
from support.chat_server import ChatServer, open_service

from footnote.platform.inference import ChatRequest, Message, ToolCall
from footnote.platform.inference.anthropic.requests import fields_of as anthropic_fields
from footnote.platform.inference.anthropic.requests import options_of as anthropic_options
from footnote.platform.inference.calls.content import is_closed
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.inference.calls.options import Option, Options
from footnote.platform.inference.compatible.requests import options_of as compatible_options
from footnote.platform.inference.google.requests import options_of as google_options

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


def asking(**options: Any) -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", text="Hello?"),), **{"max_tokens": 100, **options})


def fields(options: Any) -> dict[str, Any]:
    return Options().chosen(options).fields


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("claude-3-5-haiku-latest", None),
        ("claude-haiku-4-5", None),
        ("claude-opus-4-6", None),
        ("claude-sonnet-4-20250514", None),
        ("claude-opus-5", {"type": "disabled"}),
        ("claude-sonnet-5", {"type": "disabled"}),
        ("claude-sonnet-5-5", {"type": "between_tools"}),
        ("claude-opus-5-5", None),
        ("claude-fable-5-1", None),
        ("claude-mythos-preview", None),
    ],
)
def test_claude_models_are_told_not_to_think_as_each_knows_it(model: str, thinking: object) -> None:
    assert fields(anthropic_options(model, asking())).get("thinking") == thinking


def test_claude_models_that_always_think_do_it_briefly_and_have_room_for_it() -> None:
    asked = fields(anthropic_options("claude-opus-5-5", asking()))
    assert asked == {"max_tokens": 2148, "output_config": {"effort": "low"}}


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("claude-3-5-haiku-latest", None),
        ("claude-haiku-4-5-20251001", {"type": "enabled", "budget_tokens": 8192}),
        ("claude-opus-4-6", {"type": "adaptive", "display": "summarized"}),
        ("claude-sonnet-5-5", {"type": "adaptive", "display": "summarized"}),
        ("claude-of-tomorrow", {"type": "adaptive", "display": "summarized"}),
    ],
)
def test_claude_models_are_told_to_think_as_each_knows_it(model: str, thinking: object) -> None:
    asked = fields(anthropic_options(model, asking(effort="medium", thoughts=True)))
    assert asked.get("thinking") == thinking


def test_an_older_claude_model_does_not_think_about_what_a_tool_answered() -> None:
    call = ToolCall(id="a", name="look", arguments="{}")
    turns = (Message(role="assistant", text="", tool_calls=(call,)), Message(role="user", text="9", answers_call="a"))
    asked = fields(anthropic_options("claude-haiku-4-5", ChatRequest(messages=turns, effort="high")))
    assert "thinking" not in asked


@pytest.mark.parametrize(("model", "is_sent"), [("claude-haiku-4-5", True), ("claude-sonnet-5", False)])
def test_a_temperature_is_sent_where_it_is_taken(model: str, is_sent: bool) -> None:
    asked = fields(anthropic_options(model, asking(temperature=0.2)))
    assert (asked.get("extra_body") == {"temperature": 0.2}) is is_sent


def test_claude_keeps_what_comes_again_in_its_cache() -> None:
    turns = tuple(Message(role=role, text=role) for role in ("user", "assistant", "user"))
    sent = anthropic_fields("claude-opus-5", ChatRequest(system="Be brief.", messages=turns, reuse=True))
    kept = {"type": "ephemeral"}
    assert sent["system"][0]["cache_control"] == kept
    assert [message["content"][-1].get("cache_control") for message in sent["messages"]] == [None, kept, None]


def test_answers_of_several_tools_are_one_message() -> None:
    turns = tuple(Message(role="user", text="9", answers_call=name) for name in "ab")
    [message] = anthropic_fields("claude-opus-5", ChatRequest(messages=turns))["messages"]
    assert [block["tool_use_id"] for block in message["content"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("model", "effort", "asked"),
    [
        ("gemini-2.0-flash", "high", None),
        ("gemini-2.5-flash", "none", {"thinking_budget": 0}),
        ("gemini-2.5-pro", "medium", {"thinking_budget": 8192}),
        ("gemini-3.8-flash", "none", {"thinking_level": "MINIMAL"}),
        ("gemini-3.8-flash", "high", {"thinking_level": "HIGH"}),
    ],
)
def test_gemini_models_are_told_how_much_to_think_as_each_knows_it(model: str, effort: Any, asked: object) -> None:
    assert fields(google_options(model, asking(effort=effort))).get("thinking_config") == asked


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://openrouter.ai/api/v1", {"reasoning": {"effort": "high", "exclude": True}}),
        ("https://api.deepseek.com", {"thinking": {"type": "enabled"}}),
        ("http://127.0.0.1:11434/v1", None),
    ],
)
def test_servers_are_told_to_think_as_each_knows_it(url: str, asked: object) -> None:
    sent = fields(compatible_options(url, asking(effort="high")))
    assert sent.get("extra_body") == asked
    assert ("reasoning_effort" in sent) is ("openrouter" not in url)


async def test_a_server_that_knows_no_schema_is_asked_in_words() -> None:
    with ChatServer("compatible").serving() as server:
        service = open_service(server)
        server.replies = [server.refusal(400, "response_format.type json_schema is unavailable now")] * 2
        for _ in range(2):
            with pytest.raises(Fault) as raised:
                _ = [event async for event in service.stream(asking(schema=SCHEMA))]
            assert (raised.value.again, raised.value.learned) == (True, True)
        _ = [event async for event in service.stream(asking(schema=SCHEMA))]
        await service.close()
    kinds = [request.content.get("response_format", {}).get("type") for request in server.requests]
    assert kinds == ["json_schema", "json_object", None]
    assert "JSON of this schema" in server.requests[-1].content["messages"][0]["content"]


def test_what_was_refused_is_asked_for_in_the_next_way() -> None:
    options, effort = Options(), Option("effort", "effort", ({"effort": "none"}, {"effort": "low"}, {}))
    chosen = options.chosen([effort])
    assert chosen.refused("effort 'none' is not supported here")
    assert options.chosen([effort]).fields == {"effort": "low"}


def test_what_is_not_known_at_all_is_left_out() -> None:
    options, effort = Options(), Option("effort", "effort", ({"effort": "none"}, {"effort": "low"}, {}))
    assert options.chosen([effort]).refused("Unknown parameter: effort")
    assert options.chosen([effort]).fields == {}


def test_two_that_are_refused_together_teach_one_thing() -> None:
    options, effort = Options(), Option("effort", "effort", ({"effort": "none"}, {"effort": "low"}, {}))
    both = options.chosen([effort]), options.chosen([effort])
    assert all(chosen.refused("no such effort") for chosen in both)
    assert options.chosen([effort]).fields == {"effort": "low"}


def test_a_refusal_of_something_else_teaches_nothing() -> None:
    assert not Options().chosen([Option("effort", "effort", ({"effort": "low"}, {}))]).refused("the prompt is too long")


@pytest.mark.parametrize(
    ("schema", "closed"),
    [
        (SCHEMA, True),
        ({**SCHEMA, "additionalProperties": True}, False),
        ({**SCHEMA, "required": []}, False),
        ({"type": "array", "items": SCHEMA}, True),
        ({"type": "array", "items": {"type": "object"}}, False),
        ({"type": "string"}, True),
    ],
)
def test_a_schema_is_strict_where_it_leaves_nothing_open(schema: dict[str, Any], closed: bool) -> None:
    assert is_closed(schema) is closed


@pytest.mark.parametrize(
    ("model", "reasoning"),
    [
        ("gpt-4o", None),
        ("gpt-4.1-mini", None),
        ("gpt-5-chat-latest", None),
        ("gpt-5.6", {"effort": "none"}),
        ("gpt-6.1-sol", {"effort": "none"}),
        ("o4-mini", {"effort": "none"}),
    ],
)
async def test_openais_models_that_think_are_told_not_to(model: str, reasoning: object) -> None:
    sent = await sent_to_openai(model, asking())
    assert (sent.get("reasoning"), sent["max_output_tokens"]) == (reasoning, 100)


async def test_openai_is_told_how_much_to_think_and_to_show_it() -> None:
    sent = await sent_to_openai("o4-mini", asking(effort="high", thoughts=True, temperature=0.3))
    assert sent["reasoning"] == {"effort": "high", "summary": "auto"}
    assert sent["max_output_tokens"] == 100 + 16_384
    assert "temperature" not in sent


async def test_openai_stores_nothing_and_knows_what_comes_again() -> None:
    sent = await sent_to_openai("gpt-5.6", asking(system="Be brief.", reuse=True))
    assert sent["store"] is False
    assert len(sent["prompt_cache_key"]) == 32


async def sent_to_openai(model: str, request: ChatRequest) -> dict[str, Any]:
    with ChatServer("openai").serving() as server:
        service = open_service(server, name=f"openai:{model}")
        server.replies = [server.refusal(401)]
        with pytest.raises(Fault):
            _ = [event async for event in service.stream(request)]
        await service.close()
    return server.requests[-1].content
