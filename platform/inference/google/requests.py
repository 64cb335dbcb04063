"""A chat request as Google's Gemini API takes it."""

import re
from collections.abc import Iterator
from typing import Any

from google.genai import types

from footnote.platform.inference import ChatRequest, Message
from footnote.platform.inference.calls.content import arguments_of, clean, system_of
from footnote.platform.inference.calls.options import Option
from footnote.platform.inference.calls.thinking import ROOM, effort_of

BUDGETED = re.compile(r"gemini-2\.5")  # models that are told tokens to think, where later ones are told a level
THOUGHTLESS = re.compile(r"gemini-(1|2\.0)|gemma|learnlm")
LEAST_BUDGET = 128  # tokens, of models that always think
UNSIGNED = b"skip_thought_signature_validator"
# Stands for the signature that later models give with a call of a tool and want back with its answer; so documented for
# calls that were made elsewhere.


def options_of(model: str, request: ChatRequest) -> Iterator[Option]:
    if request.schema is not None:
        json = {"response_mime_type": "application/json"}
        held = {**json, "response_json_schema": request.schema}
        yield Option("schema", "schema|mime_?type|json mode", (held, json, {}))
    plain = {"max_output_tokens": request.max_tokens}
    if THOUGHTLESS.match(model):
        yield Option("limit", "max_output_tokens", (plain,))
        return
    effort, shown = effort_of(request), {"include_thoughts": True} if request.thoughts else {}
    room = {"max_output_tokens": request.max_tokens + max(ROOM[effort], ROOM["low"])}  # thoughts count as written
    asked = _budgets(effort) if BUDGETED.match(model) else _levels(effort)
    ways = [{**(room if thinks else plain), "thinking_config": {**fields, **shown}} for fields, thinks in asked]
    yield Option("none" if effort == "none" else "effort", "think|budget", (*ways, room))


def _budgets(effort: str) -> tuple[tuple[dict[str, Any], bool], ...]:
    if effort == "none":
        return ({"thinking_budget": 0}, False), ({"thinking_budget": LEAST_BUDGET}, True)
    return (({"thinking_budget": ROOM[effort]}, True),)


def _levels(effort: str) -> tuple[tuple[dict[str, Any], bool], ...]:
    """No level is nothing at all, and few models know the least."""
    if effort == "none":
        return ({"thinking_level": "MINIMAL"}, True), ({"thinking_level": "LOW"}, True)
    return ({"thinking_level": effort.upper()}, True), ({}, True)


def config_of(request: ChatRequest, fields: dict[str, Any]) -> types.GenerateContentConfig:
    system = system_of(request, in_words="response_json_schema" not in fields)
    return types.GenerateContentConfig(
        system_instruction=system or None,
        temperature=request.temperature,
        tools=[types.Tool(function_declarations=_declarations(request))] if request.tools else None,
        automatic_continuation=False,  # which would be another request
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        **fields,
    )


def contents_of(request: ChatRequest) -> list[types.Content]:
    names = {call.id: call.name for message in request.messages for call in message.tool_calls}
    contents: list[types.Content] = []
    for message in request.messages:
        role, parts = "model" if message.role == "assistant" else "user", list(_parts(message, names))
        if contents and contents[-1].role == role:
            contents[-1].parts = [*(contents[-1].parts or []), *parts]
        elif parts:
            contents.append(types.Content(role=role, parts=parts))
    return contents


def _declarations(request: ChatRequest) -> list[types.FunctionDeclaration]:
    return [
        types.FunctionDeclaration(
            name=tool.name, description=clean(tool.description), parameters_json_schema=tool.parameters
        )
        for tool in request.tools
    ]


def _parts(message: Message, names: dict[str, str]) -> Iterator[types.Part]:
    text = clean(message.text)
    if (call_id := message.answers_call) is not None:
        answer = types.FunctionResponse(id=call_id, name=names.get(call_id, ""), response={"result": text})
        yield types.Part(function_response=answer)
    for image in message.images:
        yield types.Part(inline_data=types.Blob(data=image.content, mime_type=image.media_type))
    if message.answers_call is None and text:
        yield types.Part(text=text)
    for place, call in enumerate(message.tool_calls):
        made = types.FunctionCall(id=call.id, name=call.name, args=arguments_of(call.arguments))
        # Of calls that are made at once, the first alone is signed.
        yield types.Part(function_call=made, thought_signature=None if place else UNSIGNED)
