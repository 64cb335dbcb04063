"""A chat request as servers take it that answer like OpenAI's chat completions."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from footnote.platform.inference import ChatRequest, Message
from footnote.platform.inference.calls.content import SCHEMA, clean, data_url, is_closed, system_of
from footnote.platform.inference.calls.options import Option
from footnote.platform.inference.calls.thinking import ROOM, effort_of


def fields_of(model: str, request: ChatRequest, *, in_words: bool) -> dict[str, Any]:
    """`in_words` is of the schema."""
    system = system_of(request, in_words=in_words)
    messages = [{"role": "system", "content": system}] if system else []
    fields: dict[str, Any] = {
        "model": model,
        "messages": messages + [entry for message in request.messages for entry in _entries(message)],
    }
    if request.tools:
        fields["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": clean(tool.description),
                    "parameters": tool.parameters,
                },
            }
            for tool in request.tools
        ]
    return fields


def options_of(url: str, request: ChatRequest) -> Iterator[Option]:
    effort = effort_of(request)
    limit = request.max_tokens + ROOM[effort]
    # The older name is the only one that many servers know, and one that newer models refuse.
    yield Option("limit", "max_tokens", ({"max_tokens": limit}, {"max_completion_tokens": limit}))
    yield Option("usage", "stream_options|include_usage", ({"stream_options": {"include_usage": True}}, {}))
    if request.temperature is not None:
        yield Option("temperature", "temperature", ({"temperature": request.temperature}, {}))
    yield Option("effort" if effort != "none" else "none", "reasoning|think|effort", _thinking(url, request, effort))
    if request.schema is not None:
        form = {"name": SCHEMA, "schema": request.schema, "strict": is_closed(request.schema)}
        held = {"response_format": {"type": "json_schema", "json_schema": form}}
        json = {"response_format": {"type": "json_object"}}
        yield Option("schema", "response_format|json_schema|json_object|schema", (held, json, {}))


def _thinking(url: str, request: ChatRequest, effort: str) -> tuple[Mapping[str, Any], ...]:
    """What is not named here goes by `extra_body`: OpenAI's client does not know it."""
    host = urlsplit(url).hostname or ""
    asked: Mapping[str, Any] = {"reasoning_effort": effort} if effort != "none" else {}
    if host.endswith("openrouter.ai"):
        told = {"effort": effort, "exclude": not request.thoughts} if asked else {"enabled": False}
        return {"extra_body": {"reasoning": told}}, {}
    if host.endswith("deepseek.com"):
        # It wants its thoughts back once it has called a tool, and they are not kept.
        thinks = bool(asked) and not any(message.tool_calls for message in request.messages)
        kind = {"extra_body": {"thinking": {"type": "enabled" if thinks else "disabled"}}}
        return {**kind, **(asked if thinks else {})}, {}
    return (asked, {}) if asked else ({},)


def _entries(message: Message) -> Iterator[dict[str, Any]]:
    text = clean(message.text)
    pictures = [{"type": "image_url", "image_url": {"url": data_url(image)}} for image in message.images]
    if message.answers_call is not None:
        yield {"role": "tool", "tool_call_id": message.answers_call, "content": text}
        if pictures:
            yield {"role": "user", "content": pictures}
    elif message.role == "assistant":
        yield {"role": "assistant", "content": text, **_calls(message)}
    else:
        # Some servers know a list of parts only where they know pictures.
        yield {"role": "user", "content": [*pictures, {"type": "text", "text": text}] if pictures else text}


def _calls(message: Message) -> dict[str, Any]:
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments or "{}"}}
        for call in message.tool_calls
    ]
    return {"tool_calls": calls} if calls else {}
