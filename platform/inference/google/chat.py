"""Google's chat models."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from contextvars import ContextVar
from uuid import uuid4

import httpx2
from google.genai import types

from footnote.platform.inference import ChatEvent, ChatRequest, Stop, TextDelta, ThoughtDelta, ToolCall, Usage
from footnote.platform.inference.calls.answers import Endpoint, broken_off, malformed, unreachable
from footnote.platform.inference.calls.content import counted, written
from footnote.platform.inference.calls.options import Options
from footnote.platform.inference.google.client import faults, open_client
from footnote.platform.inference.google.requests import config_of, contents_of, options_of

_opened: ContextVar[list[httpx2.Response] | None] = ContextVar("opened", default=None)
LIMITS = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)  # as the other providers' clients have
FAILED = {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE", "TOO_MANY_TOOL_CALLS", "OTHER"}


class GoogleChat:
    """A `ChatService`.

    The client closes a stream that was left only when its parts are collected as garbage, so the response is caught as
    it is opened, and closed here.
    """

    def __init__(self, endpoint: Endpoint, *, context_tokens: int, timeout: float = 60.0) -> None:
        """`timeout` in seconds, of silence: before the first byte, and between any two.

        Raises:
            KeyMissing: The endpoint has none.
        """
        self.endpoint = endpoint
        self.context_tokens = context_tokens
        self._options = Options()
        self._connections = httpx2.AsyncClient(timeout=timeout, limits=LIMITS, event_hooks={"response": [_catch]})
        self._client = open_client(endpoint, timeout, self._connections)
        self._models = self._client.aio.models

    async def close(self) -> None:
        await self._connections.aclose()
        self._client.close()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        chosen = self._options.chosen(options_of(self.endpoint.model, request))
        with faults(self.endpoint, chosen):
            chunks = await self._models.generate_content_stream(
                model=self.endpoint.model, contents=contents_of(request), config=config_of(request, chosen.fields)
            )
        answer = _Answer(self.endpoint)
        opened: list[httpx2.Response] = []
        try:
            with faults(self.endpoint, chosen, lost=lambda at: broken_off(at) if opened else unreachable(at)):
                async with aclosing(_caught(chunks, opened)) as caught:
                    async for chunk in caught:
                        for part in answer.of(chunk):
                            yield part
        finally:
            for response in opened:
                await response.aclose()
        for part in answer.end():
            yield part


async def _catch(response: httpx2.Response) -> None:
    if (opened := _opened.get()) is not None:
        opened.append(response)


async def _caught(
    chunks: AsyncIterator[types.GenerateContentResponse], opened: list[httpx2.Response]
) -> AsyncGenerator[types.GenerateContentResponse]:
    """`chunks`, whose first opens the response."""
    token = _opened.set(opened)
    try:
        first = await anext(chunks, None)
    finally:
        _opened.reset(token)
    if first is not None:
        yield first
        async for chunk in chunks:
            yield chunk


class _Answer:
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._usage: Usage | None = None
        self._told: Usage | None = None
        self._reason: str | None = None
        self._calls = 0

    def of(self, chunk: types.GenerateContentResponse) -> Iterator[ChatEvent]:
        usage = _usage(chunk.usage_metadata)
        if usage and (self._told is None or usage.output_tokens > self._told.output_tokens):
            self._told = usage
            yield usage
        self._usage = usage or self._usage
        feedback = chunk.prompt_feedback
        if feedback and feedback.block_reason:
            self._reason = "SAFETY"
        for candidate in (chunk.candidates or [])[:1]:
            for part in (candidate.content.parts if candidate.content else None) or []:
                yield from self._part(part)
            if candidate.finish_reason:
                self._reason = str(candidate.finish_reason.value)

    def end(self) -> Iterator[ChatEvent]:
        if self._reason is None:
            raise broken_off(self._endpoint)
        if self._reason in FAILED:
            raise malformed(self._endpoint)
        if self._usage and self._usage != self._told:
            yield self._usage
        match self._reason:
            case "STOP":
                yield Stop(reason="tool_calls" if self._calls else "end")
            case "MAX_TOKENS" | "CONTINUATION":
                yield Stop(reason="length")
            case _:
                yield Stop(reason="refused")

    def _part(self, part: types.Part) -> Iterator[ChatEvent]:
        if part.function_call:
            self._calls += 1
            call = part.function_call
            yield ToolCall(id=call.id or uuid4().hex, name=written(call.name), arguments=json.dumps(call.args or {}))
        elif part.text:
            yield ThoughtDelta(part.text) if part.thought else TextDelta(part.text)


def _usage(used: types.GenerateContentResponseUsageMetadata | None) -> Usage | None:
    if used is None:
        return None
    thoughts = counted(used.thoughts_token_count)
    return Usage(
        input_tokens=counted(used.prompt_token_count) + counted(used.tool_use_prompt_token_count),
        output_tokens=counted(used.candidates_token_count) + thoughts,
        cached_tokens=counted(used.cached_content_token_count),
        thought_tokens=thoughts,
    )
