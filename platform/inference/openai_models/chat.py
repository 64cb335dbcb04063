"""OpenAI's chat models by its Responses API, which alone tells of their thoughts."""

import hashlib
import re
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from footnote.platform.inference import (
    ChatEvent,
    ChatRequest,
    Message,
    Stop,
    TextDelta,
    ThoughtDelta,
    ToolCall,
    Usage,
)
from footnote.platform.inference.calls.answers import Endpoint, broken_off
from footnote.platform.inference.calls.content import SCHEMA, clean, counted, data_url, is_closed, system_of, written
from footnote.platform.inference.calls.options import Option, Options
from footnote.platform.inference.calls.thinking import ROOM, effort_of
from footnote.platform.inference.openai_models.client import faults, open_client, opened_stream, stream_fault

REASONS = re.compile(r"(o\d|gpt-([5-9]|\d\d)|codex)(?!.*chat)")  # names of models that think
LEAST = 16  # tokens, of an answer's limit


class OpenAIChat:
    """A `ChatService`. Nothing is stored there, so thoughts of former turns are not sent back."""

    def __init__(self, endpoint: Endpoint, *, context_tokens: int, timeout: float = 60.0) -> None:
        """`timeout` in seconds, of silence: before the first byte, and between any two.

        Raises:
            KeyMissing: The endpoint has none.
        """
        self.endpoint = endpoint
        self.context_tokens = context_tokens
        self._options = Options()
        self._client = open_client(endpoint, timeout)

    async def close(self) -> None:
        await self._client.close()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        chosen = self._options.chosen(_options(self.endpoint.model, request))
        fields = _fields(self.endpoint.model, request, in_words="text" not in chosen.fields)
        with faults(self.endpoint, chosen):
            stream = await opened_stream(self._client, "/responses", {**fields, **chosen.fields})
        answer = _Answer(self.endpoint)
        async with stream:
            with faults(self.endpoint, chosen, lost=broken_off):
                async for event in stream:
                    for part in answer.of(event):
                        yield part
                    if answer.is_whole:
                        return
        raise broken_off(self.endpoint)


class _Answer:
    def __init__(self, endpoint: Endpoint) -> None:
        self.is_whole = False
        self._endpoint = endpoint
        self._calls = 0
        self._is_refusal = False

    def of(self, event: Any) -> Iterator[ChatEvent]:
        match event["type"]:
            case "response.output_text.delta":
                yield TextDelta(written(event["delta"]))
            case "response.refusal.delta":
                self._is_refusal = True
                yield TextDelta(written(event["delta"]))
            case "response.output_item.added" if event["item"]["type"] == "reasoning":
                yield ThoughtDelta("")  # told, if at all, in a summary
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta":
                yield ThoughtDelta(written(event["delta"]))
            case "response.reasoning_summary_part.added" if event["summary_index"]:
                yield ThoughtDelta("\n\n")
            case "response.output_item.done" if event["item"]["type"] == "function_call":
                self._calls += 1
                id_, name, arguments = (written(event["item"][field]) for field in ("call_id", "name", "arguments"))
                yield ToolCall(id=id_, name=name, arguments=arguments)
            case "response.completed" | "response.incomplete":
                self.is_whole = True
                yield from _usage(event["response"])
                yield self._stop(event["response"])
            case "response.failed":
                error = event["response"].get("error") or {}
                raise stream_fault(self._endpoint, error.get("code"), error.get("message"))
            case "error":
                raise stream_fault(self._endpoint, event.get("code"), event.get("message"))
            case _:
                pass

    def _stop(self, response: dict[str, Any]) -> Stop:
        cut = response.get("incomplete_details")
        if self._is_refusal or (cut and cut["reason"] == "content_filter"):
            return Stop(reason="refused")
        if cut:
            return Stop(reason="length")
        return Stop(reason="tool_calls" if self._calls else "end")


def _usage(response: dict[str, Any]) -> Iterator[Usage]:
    if used := response.get("usage"):
        read, thought = used.get("input_tokens_details") or {}, used.get("output_tokens_details") or {}
        yield Usage(
            input_tokens=counted(used.get("input_tokens")),
            output_tokens=counted(used.get("output_tokens")),
            cached_tokens=counted(read.get("cached_tokens")),
            cache_written_tokens=counted(read.get("cache_write_tokens")),
            thought_tokens=counted(thought.get("reasoning_tokens")),
        )


def _fields(model: str, request: ChatRequest, *, in_words: bool) -> dict[str, Any]:
    """`in_words` is of the schema."""
    fields: dict[str, Any] = {
        "model": model,
        "store": False,
        "input": [item for message in request.messages for item in _items(message)],
    }
    if system := system_of(request, in_words=in_words):
        fields["instructions"] = system
    if request.tools:
        fields["tools"] = [
            {
                "type": "function",
                "name": tool.name,
                "description": clean(tool.description),
                "parameters": tool.parameters,
                "strict": is_closed(tool.parameters),
            }
            for tool in request.tools
        ]
    if request.reuse:
        # Requests with one beginning are sent to the machine that remembers it.
        fields["prompt_cache_key"] = hashlib.sha256(clean(request.system).encode()).hexdigest()[:32]
    return fields


def _options(model: str, request: ChatRequest) -> Iterator[Option]:
    if request.schema is not None:
        form = {"type": "json_schema", "name": SCHEMA, "schema": request.schema, "strict": is_closed(request.schema)}
        yield Option("schema", "text.format|schema|response_format", ({"text": {"format": form}}, {}))
    least = max(LEAST, request.max_tokens)
    effort = effort_of(request)
    if not REASONS.match(model):
        yield Option("limit", "max_output_tokens", ({"max_output_tokens": least},))
        if request.temperature is not None:
            yield Option("temperature", "temperature", ({"temperature": request.temperature}, {}))
        return
    roomy = {"max_output_tokens": least + max(ROOM[effort], ROOM["low"])}
    if effort == "none":
        silent = {"max_output_tokens": least, "reasoning": {"effort": "none"}}
        yield Option("none", "effort", (silent, {**roomy, "reasoning": {"effort": "low"}}, roomy))
        if request.temperature is not None:
            yield Option("temperature", "temperature", ({"temperature": request.temperature}, {}))
        return
    yield Option("effort", "effort", ({**roomy, "reasoning": {"effort": effort}}, roomy))
    if request.thoughts:
        yield Option("summary", "summar|organization must be verified", ({"reasoning": {"summary": "auto"}}, {}))


def _items(message: Message) -> Iterator[dict[str, Any]]:
    parts: list[dict[str, Any]] = [
        {"type": "input_image", "image_url": data_url(image), "detail": "auto"} for image in message.images
    ]
    text = clean(message.text)
    if message.answers_call is not None:
        yield {"type": "function_call_output", "call_id": message.answers_call, "output": text}
    elif message.role == "assistant":
        if text:
            yield {"role": "assistant", "content": text}
        for call in message.tool_calls:
            yield {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments or "{}"}
    else:
        parts.append({"type": "input_text", "text": text})
    if parts:
        yield {"role": "user", "content": parts}
