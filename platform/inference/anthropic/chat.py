"""Anthropic's chat models."""

from collections.abc import AsyncGenerator, Iterator
from typing import Any

from anthropic import AsyncStream
from anthropic.types import RawMessageStreamEvent

from footnote.platform.inference import ChatEvent, ChatRequest, Stop, TextDelta, ThoughtDelta, ToolCall, Usage
from footnote.platform.inference.anthropic.client import faults, open_client
from footnote.platform.inference.anthropic.requests import fields_of, options_of
from footnote.platform.inference.calls.answers import Endpoint, broken_off
from footnote.platform.inference.calls.content import counted, written
from footnote.platform.inference.calls.options import Options

STOPS = {
    "end_turn": Stop(),
    "stop_sequence": Stop(),
    "tool_use": Stop(reason="tool_calls"),
    "max_tokens": Stop(reason="length"),
    "model_context_window_exceeded": Stop(reason="length"),
    "pause_turn": Stop(reason="length"),
    "refusal": Stop(reason="refused"),
}


class AnthropicChat:
    """A `ChatService`. Thoughts of former turns are not sent back."""

    def __init__(self, endpoint: Endpoint, *, context_tokens: int, timeout: float = 60.0) -> None:
        """`timeout` in seconds, of silence: before the first byte, and between any two.

        Raises:
            KeyMissing: The endpoint has none.
        """
        self.endpoint = endpoint
        self.context_tokens = context_tokens
        self._options = Options()
        self._client = open_client(endpoint, timeout)
        self._messages = self._client.messages  # imports most of the client: now, and not while others wait

    async def close(self) -> None:
        await self._client.close()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        model = self.endpoint.model
        chosen = self._options.chosen(options_of(model, request))
        fields = fields_of(model, request, in_words="format" not in chosen.fields.get("output_config", {}))
        with faults(self.endpoint, chosen):
            stream: AsyncStream[RawMessageStreamEvent] = await self._messages.create(
                **fields, **chosen.fields, stream=True
            )
        answer = _Answer()
        async with stream:
            with faults(self.endpoint, chosen, lost=broken_off):
                async for event in stream:
                    for part in answer.of(event):
                        yield part
                    if answer.is_whole:
                        return
        raise broken_off(self.endpoint)


class _Answer:
    def __init__(self) -> None:
        self.is_whole = False
        self._call: tuple[str, str] | None = None  # id and name of the call that is being written
        self._arguments = ""
        self._read = self._cached = self._kept = 0
        self._stop = Stop()

    def of(self, event: Any) -> Iterator[ChatEvent]:
        match event.type:
            case "message_start":
                yield self._usage(event.message.usage)
            case "content_block_start" if event.content_block.type == "tool_use":
                block = event.content_block
                self._call, self._arguments = (written(block.id), written(block.name)), ""
            case "content_block_start" if event.content_block.type in {"thinking", "redacted_thinking"}:
                yield ThoughtDelta("")  # newer models tell a summary of it
            case "content_block_delta":
                yield from self._delta(event.delta)
            case "content_block_stop" if self._call:
                name, self._call = self._call, None
                yield ToolCall(id=name[0], name=name[1], arguments=self._arguments or "{}")
            case "message_delta":
                self._stop = STOPS.get(event.delta.stop_reason, Stop())
                yield self._usage(event.usage)
            case "message_stop":
                self.is_whole = True
                yield self._stop
            case _:
                pass

    def _delta(self, delta: Any) -> Iterator[ChatEvent]:
        match delta.type:
            case "text_delta":
                yield TextDelta(written(delta.text))
            case "thinking_delta" if delta.thinking:
                yield ThoughtDelta(written(delta.thinking))
            case "input_json_delta":
                self._arguments += written(delta.partial_json)
            case _:
                pass

    def _usage(self, used: Any) -> Usage:
        """What was read is told at the start, and not by every service again at the end."""
        cached = counted(used.cache_read_input_tokens)
        kept = counted(used.cache_creation_input_tokens)
        read = counted(used.input_tokens) + cached + kept
        self._read, self._cached, self._kept = max(self._read, read), max(self._cached, cached), max(self._kept, kept)
        details = used.output_tokens_details
        return Usage(
            input_tokens=self._read,
            output_tokens=counted(used.output_tokens),
            cached_tokens=self._cached,
            cache_written_tokens=self._kept,
            thought_tokens=counted(details.thinking_tokens) if details else 0,
        )
