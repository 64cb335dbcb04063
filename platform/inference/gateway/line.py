"""A model as one tenant reaches it: the service, what it costs, and how it has been doing."""

import asyncio
from collections.abc import AsyncGenerator

import msgspec

from footnote.platform.inference import ChatEvent, ChatModel, ChatRequest, Started
from footnote.platform.inference.calls.answers import Endpoint
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.calls.thinking import ROOM
from footnote.platform.inference.gateway.breaker import Breaker
from footnote.platform.inference.gateway.estimate import most_read


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """All in seconds."""

    first: float = 30.0  # until the first delta of one attempt
    next: float = 30.0  # from one event to the next
    opening: float = 60.0  # until the first delta, with all attempts, pauses and other models
    whole: float = 300.0  # for all that comes after it


class Line:
    def __init__(self, service: ChatService, *, price: Price | None, breaker: Breaker, concurrency: int) -> None:
        self.service = service
        self.name = service.endpoint.name
        self.price = price
        self.breaker = breaker
        self._places = asyncio.Semaphore(concurrency)
        self._users = 0
        self._is_retired = False
        self._room = 0  # tokens for thoughts that nobody asks for

    @property
    def is_local(self) -> bool:
        return isinstance(self.service, LocalService)

    def thinks_unasked(self) -> None:
        """The model left itself no room to answer: it gets more from now on."""
        self._room = min(ROOM["medium"], self.service.context_tokens // 2)

    def roomy(self, request: ChatRequest) -> ChatRequest:
        """`request` as it is sent: with room for thoughts, if the model has them whether asked to or not.

        No more than it can hold beside what it reads, or its service would refuse all of it.
        """
        if not self._room:
            return request
        left = self.service.context_tokens - most_read(request) - request.max_tokens
        return msgspec.structs.replace(request, max_tokens=request.max_tokens + max(0, min(self._room, left)))

    async def enter(self) -> None:
        """Waits for a place; whoever got one leaves it."""
        self._users += 1
        try:
            await self._places.acquire()
        except BaseException:
            self._users -= 1
            raise

    async def leave(self) -> None:
        self._places.release()
        self._users -= 1
        await self._close_if_done()

    async def retire(self) -> None:
        """Close the service when the last one who uses it is done."""
        self._is_retired = True
        await self._close_if_done()

    async def _close_if_done(self) -> None:
        if self._is_retired and not self._users:
            await self.service.close()


class LocalService:
    """A model of this process as a `ChatService`, to take the place of others."""

    def __init__(self, model: ChatModel) -> None:
        self.endpoint = Endpoint(name=model.name, key_setting="", url_setting="", needs_key=False)
        self.context_tokens = model.context_tokens
        self._model = model

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        stream = self._model.stream(request)
        try:
            async for event in stream:
                if not isinstance(event, Started):
                    yield event
        finally:
            await stream.aclose()

    async def close(self) -> None:
        """Its owner does."""
