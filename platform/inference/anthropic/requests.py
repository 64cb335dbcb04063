"""A chat request as Anthropic's Messages API takes it."""

import re
from collections.abc import Iterator
from typing import Any

from anthropic import transform_schema

from footnote.platform.inference import ChatRequest, Message
from footnote.platform.inference.calls.content import arguments_of, clean, encoded, system_of
from footnote.platform.inference.calls.options import Option
from footnote.platform.inference.calls.thinking import ROOM, effort_of

Version = tuple[int, int]
NAME = re.compile(r"claude-(?P<line>[a-z]+)-(?P<major>\d{1,2})(?:-(?P<minor>\d{1,2}))?(?!\d)")
OLDEST = re.compile(r"claude-([12]|3-[05]|3-(opus|sonnet|haiku)|instant)")  # models that do not think
BUDGETED = re.compile(r"claude-3-7")
UNTOLD: Version = (99, 0)  # of a model whose name says nothing: taken for a new one
ALWAYS = {"fable": (5, 0), "mythos": (0, 0), "opus": (5, 5)}  # lines that always think, from this version on
ADAPTIVE = (4, 6)  # the first that decide themselves how much they think
UNASKED = (5, 0)  # the first that think unless they are told not to
BETWEEN = (5, 5)  # the first that call not thinking `between_tools`
UNHEATED = (4, 7)  # the first that refuse a temperature
# Source of these: the provider's pages on thinking and on moving to each of its models, as of November 2026.
CACHED = {"cache_control": {"type": "ephemeral"}}


def fields_of(model: str, request: ChatRequest, *, in_words: bool = False) -> dict[str, Any]:
    """`in_words` is of the schema."""
    fields: dict[str, Any] = {"model": model, "messages": _messages(request)}
    if system := system_of(request, in_words=in_words):
        block: dict[str, Any] = {"type": "text", "text": system}
        fields["system"] = [block | CACHED if request.reuse else block]
    if request.tools:
        fields["tools"] = [
            {"name": tool.name, "description": clean(tool.description), "input_schema": tool.parameters}
            for tool in request.tools
        ]
    return fields


def options_of(model: str, request: ChatRequest) -> Iterator[Option]:
    version, effort = _version(model), effort_of(request)
    thinks = effort != "none" and version > (3, 5)
    yield Option("thinking", "thinking|effort", _ways(model, version, request, effort if thinks else "none"))
    if request.temperature is not None and version < UNHEATED and not thinks:
        yield Option("temperature", "temperature", ({"extra_body": {"temperature": request.temperature}}, {}))
    if request.schema is not None:
        form = {"type": "json_schema", "schema": _schema(request.schema)}
        yield Option("schema", "format|structured output|schema", ({"output_config": {"format": form}}, {}))


def _schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Without what the service refuses: the client knows what that is, but not every schema."""
    try:
        return dict(transform_schema(schema))
    except (ValueError, AssertionError, TypeError):
        return schema


def _ways(model: str, version: Version, request: ChatRequest, effort: str) -> tuple[dict[str, Any], ...]:
    """To think so much, or not to; the limit holds thoughts too."""
    plain = {"max_tokens": request.max_tokens}
    roomy = {"max_tokens": request.max_tokens + max(ROOM[effort], ROOM["low"])}
    if effort != "none" and version >= ADAPTIVE:
        shown = {"type": "adaptive", "display": "summarized" if request.thoughts else "omitted"}
        return ({**roomy, "thinking": shown, "output_config": {"effort": effort}}, {**roomy, "thinking": shown}, roomy)
    if effort != "none":
        if any(message.answers_call is not None for message in request.messages):
            return (plain,)  # such models want their thoughts back with what a tool has answered
        return ({**roomy, "thinking": {"type": "enabled", "budget_tokens": max(ROOM[effort], ROOM["low"])}}, plain)
    little = {**roomy, "output_config": {"effort": "low"}}
    if version < UNASKED:
        return (plain,)
    if _always_thinks(model, version):
        return (little, roomy)
    off = {**plain, "thinking": {"type": "disabled"}}
    between = {**plain, "thinking": {"type": "between_tools"}}
    return (between, off, little, roomy) if version >= BETWEEN else (off, between, little, roomy)


def _version(model: str) -> Version:
    if BUDGETED.match(model):
        return (3, 7)
    if OLDEST.match(model):
        return (3, 5)
    found = NAME.match(model)
    return (int(found["major"]), int(found["minor"] or 0)) if found else UNTOLD


def _always_thinks(model: str, version: Version) -> bool:
    line = model.removeprefix("claude-").partition("-")[0]
    return line in ALWAYS and version >= ALWAYS[line]


def _messages(request: ChatRequest) -> list[dict[str, Any]]:
    """Neighbours of one role are one message: the first after calls of tools has to hold all of their answers."""
    messages: list[dict[str, Any]] = []
    for place, message in enumerate(request.messages):
        blocks = list(_blocks(message))
        if blocks and request.reuse and place == len(request.messages) - 2:
            blocks[-1] |= CACHED
        if messages and messages[-1]["role"] == message.role:
            messages[-1]["content"] += blocks
        elif blocks:
            messages.append({"role": message.role, "content": blocks})
    return messages


def _blocks(message: Message) -> Iterator[dict[str, Any]]:
    text = clean(message.text)
    if message.answers_call is not None:
        yield {"type": "tool_result", "tool_use_id": message.answers_call, "content": text}
    for image in message.images:
        source = {"type": "base64", "media_type": image.media_type, "data": encoded(image)}
        yield {"type": "image", "source": source}
    if message.answers_call is None and text.strip():
        yield {"type": "text", "text": text}
    for call in message.tool_calls:
        yield {"type": "tool_use", "id": call.id, "name": call.name, "input": arguments_of(call.arguments)}
