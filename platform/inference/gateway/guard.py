"""What a search asks of models elsewhere: at once nothing while one of them is left alone, rather than late."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol, TypeVar

from footnote.platform.inference import Embedder, Embeddings, Relevance, Reranker
from footnote.platform.inference.calls.errors import ModelBusy, ModelFailed, ModelRefused, RequestDeclined
from footnote.platform.inference.gateway.breaker import Admission, Breaker, left_alone

T = TypeVar("T")
LATE = 0.9  # of the time there is: whoever waits has begun to count it a little earlier


class OpenReranker(Reranker, Protocol):
    async def close(self) -> None: ...


class Guard:
    """One model's breaker around calls that somebody waits for."""

    def __init__(self, name: str, breaker: Breaker, *, seconds: float, only_time: bool = False) -> None:
        """`seconds` are those of one call, attempts and pauses included.

        `only_time` is for what goes through the gateway, whose breakers are of a model and a key and know its errors;
        what they cannot know is that nobody waited for its answer.
        """
        self._name = name
        self._breaker = breaker
        self._seconds = seconds
        self._only_time = only_time

    async def of(self, call: Callable[[], Awaitable[T]]) -> T:
        """What `call` gives.

        Raises:
            Unavailable: It did not answer in time, or is left alone; and whatever `call` raises.
        """
        admitted = self._breaker.admits()
        if admitted is None:
            raise left_alone(self._name, self._breaker)
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(self._seconds):
                answer = await call()
        except TimeoutError:
            raise self._late(admitted) from None
        except asyncio.CancelledError:
            if clock() - began >= LATE * self._seconds:
                self._late(admitted)
            else:
                self._breaker.left(admitted)
            raise
        except BaseException as error:
            self._judge(error, admitted)
            raise
        self._breaker.passed()
        return answer

    def _late(self, admitted: Admission) -> ModelFailed:
        problem = ModelFailed(f"The service of {self._name} did not answer in time.", model=self._name)
        self._breaker.failed(problem.detail, admitted=admitted)
        return problem

    def _judge(self, error: BaseException, admitted: Admission) -> None:
        """What the request is to blame for, or this side, teaches nothing about the model."""
        match error:
            case ModelBusy() | ModelFailed() | ModelRefused() if self._counts(error):
                self._breaker.failed(error.detail, error.extensions.get("retry_after"), admitted=admitted)
            case _:
                self._breaker.left(admitted)

    def _counts(self, error: Exception) -> bool:
        return not self._only_time and not isinstance(error, RequestDeclined)


class GuardedReranker:
    """Implements `Reranker`."""

    def __init__(self, model: OpenReranker, guard: Guard) -> None:
        self.name = model.name
        self._model = model
        self._guard = guard

    async def close(self) -> None:
        await self._model.close()

    async def rerank(self, query: str, texts: Sequence[str]) -> Relevance:
        return await self._guard.of(lambda: self._model.rerank(query, texts))


class GuardedEmbedder:
    """Implements `Embedder` for questions, of one that gives no embeddings of tokens and is for others to close.

    Jobs have the embedder itself: they wait for it, and its failures there are no failures of questions.
    """

    def __init__(self, model: Embedder, guard: Guard) -> None:
        self.name = model.name
        self.dimension = model.dimension
        self.max_tokens = model.max_tokens
        self._model = model
        self._guard = guard

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        """A supposed answer is embedded as a document, while somebody waits all the same."""
        return await self._guard.of(lambda: self._model.embed(texts, kind=kind))
