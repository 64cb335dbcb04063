"""A chat model as those who ask see it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from footnote.platform.inference import ChatEvent, ChatModel, ChatModels, ChatRequest, Message, Started, Stop, TextDelta
from footnote.platform.inference.calls.errors import ModelFailed
from footnote.platform.inference.calls.thinking import without_thoughts
from footnote.platform.inference.gateway.attempt import Attempt
from footnote.platform.inference.gateway.cache import AnswerCache
from footnote.platform.inference.gateway.opening import Opening
from footnote.platform.inference.paying import payer
from footnote.platform.telemetry.metrics import answer_looked_up


class GatewayModel:
    """Implements `ChatModel`."""

    def __init__(self, name: str, context_tokens: int, tenant: str, opening: Opening, cache: AnswerCache) -> None:
        self.name = name
        self.context_tokens = context_tokens
        self._tenant = tenant
        self._opening = opening
        self._cache = cache

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        if (known := self._known(request)) is not None:
            yield Started(model=self.name)
            for event in known:
                yield event
            return
        attempt = await self._opening.opened(request)
        try:
            yield Started(model=attempt.line.name)
            async with aclosing(attempt.rest()) as events:
                async for event in self._kept(request, attempt, events):
                    yield event
        finally:
            await attempt.close()

    def _known(self, request: ChatRequest) -> tuple[ChatEvent, ...] | None:
        if not self._cache.is_on:
            return None
        known = self._cache.find(self._tenant, self.name, request)
        answer_looked_up(self.name, is_hit=known is not None)
        return known

    async def _kept(
        self, request: ChatRequest, attempt: Attempt, events: AsyncGenerator[ChatEvent]
    ) -> AsyncGenerator[ChatEvent]:
        """Another model's answers are not kept: this one's are wanted again as soon as it answers."""
        seen: list[ChatEvent] = []
        is_kept = self._cache.is_on and attempt.line.name == self.name
        async for event in events:
            if is_kept:
                seen.append(event)
                if isinstance(event, Stop) and event.reason != "length":
                    self._cache.keep(self._tenant, self.name, request, seen)
            yield event


class ShortTexts:
    """Implements `TextModel` over a chat model. Nothing but the prompt is sent."""

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self._model = model

    async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
        request = ChatRequest(messages=(Message(role="user", text=prompt),), max_tokens=max_tokens)
        async with aclosing(self._model.stream(request)) as events:
            text = "".join([event.text async for event in events if isinstance(event, TextDelta)])
        text = without_thoughts(text)
        if not text.strip():
            raise ModelFailed(f"{self.name} answered with an empty text.", model=self.name)
        return text


class PaidWriter:
    """Implements `TextModel` over the writer of `models`, for those who are not told who asks: see `paid_by`."""

    def __init__(self, models: ChatModels, name: str) -> None:
        self.name = name
        self._models = models

    async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
        writer = await self._models.writer(payer())
        if writer is None:
            raise ModelFailed(f"{self.name} is not configured.", model=self.name)
        return await writer.complete(prompt, max_tokens=max_tokens)
