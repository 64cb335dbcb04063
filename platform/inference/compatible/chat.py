"""Chat models of OpenRouter, Groq, DeepSeek, Azure OpenAI, Ollama, vLLM, llama.cpp and whatever answers like them."""

from collections.abc import AsyncGenerator, Iterator
from typing import Any

from footnote.platform.inference import ChatEvent, ChatRequest, Stop, ThoughtDelta, ToolCall, Usage
from footnote.platform.inference.calls.answers import Endpoint, broken_off
from footnote.platform.inference.calls.content import counted, written
from footnote.platform.inference.calls.options import Options
from footnote.platform.inference.calls.thinking import TaggedThoughts
from footnote.platform.inference.compatible.requests import fields_of, options_of
from footnote.platform.inference.openai_models.client import faults, open_client, opened_stream, stream_fault

STOPS = {
    "length": Stop(reason="length"),
    "tool_calls": Stop(reason="tool_calls"),
    "function_call": Stop(reason="tool_calls"),
    "content_filter": Stop(reason="refused"),
}


class CompatibleChat:
    """A `ChatService`. A server is asked in the usual way first, and differently for what it refuses."""

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
        chosen = self._options.chosen(options_of(self.endpoint.url, request))
        in_words = chosen.fields.get("response_format", {}).get("type") != "json_schema"
        fields = fields_of(self.endpoint.model, request, in_words=in_words) | chosen.fields
        unknown = fields.pop("extra_body", {})
        with faults(self.endpoint, chosen):
            stream = await opened_stream(self._client, "/chat/completions", {**fields, **unknown})
        answer = _Answer(self.endpoint)
        async with stream:
            with faults(self.endpoint, chosen, lost=broken_off):
                async for chunk in stream:
                    for part in answer.of(chunk):
                        yield part
        for part in answer.end():
            yield part


class _Answer:
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._text = TaggedThoughts()
        self._calls: list[_Call] = []
        self._usage: Usage | None = None
        self._reason: str | None = None

    def of(self, chunk: Any) -> Iterator[ChatEvent]:
        used = chunk.get("usage") or (chunk.get("x_groq") or {}).get("usage")
        if used:
            self._usage = _usage(used)
        for choice in (chunk.get("choices") or [])[:1]:
            yield from self._delta(choice.get("delta"))
            reason = choice.get("finish_reason")
            if reason == "error":
                raise stream_fault(self._endpoint, 502, "")
            self._reason = reason or self._reason

    def end(self) -> Iterator[ChatEvent]:
        if self._reason is None:
            raise broken_off(self._endpoint)
        yield from self._text.rest()
        for call in self._calls:
            yield ToolCall(id=call.id, name=call.name, arguments=call.arguments or "{}")
        if self._usage:
            yield self._usage
        yield STOPS.get("tool_calls" if self._calls else self._reason, Stop())

    def _delta(self, delta: Any) -> Iterator[ChatEvent]:
        if delta is None:
            return
        # What thoughts are called differs from server to server.
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if thought:
            yield ThoughtDelta(written(thought))
        if text := delta.get("content"):
            yield from self._text.of(written(text))
        for part in delta.get("tool_calls") or []:
            self._call(part)

    def _call(self, part: Any) -> None:
        """Servers that send calls whole give all of them one index, or none."""
        index, id_, function = part.get("index"), part.get("id"), part["function"]
        begun = (one for one in self._calls if one.index == index and id_ in {None, "", one.id})
        call = next(begun, None)
        if call is None:
            call = _Call(index)
            self._calls.append(call)
        call.id = id_ or call.id or f"call_{len(self._calls)}"
        call.name = call.name or written(function.get("name"))
        call.arguments += written(function.get("arguments") or "")


class _Call:
    def __init__(self, index: int | None) -> None:
        self.index = index
        self.id = self.name = self.arguments = ""


def _usage(told: Any) -> Usage:
    read, thought = told.get("prompt_tokens_details") or {}, told.get("completion_tokens_details") or {}
    return Usage(
        input_tokens=counted(told.get("prompt_tokens")),
        output_tokens=counted(told.get("completion_tokens")),
        cached_tokens=counted(read.get("cached_tokens") or told.get("prompt_cache_hit_tokens")),
        cache_written_tokens=counted(read.get("cache_write_tokens")),
        thought_tokens=counted(thought.get("reasoning_tokens")),
    )
