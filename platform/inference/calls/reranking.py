"""The reranker over any service: batches, order, partial answers, cost."""

import asyncio
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from footnote.platform.inference import Relevance
from footnote.platform.inference.calls.answers import Endpoint, left_out, malformed, unanswered
from footnote.platform.inference.calls.attempts import Attempts, Patience, Sleep
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.calls.spending import Spending, spending
from footnote.platform.inference.calls.tokens import Limits, batches, most_tokens, sendable
from footnote.platform.telemetry.model_calls import model_call
from footnote.platform.together import together

PATIENCE = Patience(attempts=3, request=10.0, total=20.0, longest_pause=2.0)  # somebody waits
QUERY_SHARE = 4  # the part of the room for a query and a text that a query may take is one in so many


@dataclass(frozen=True)
class RerankingAnswer:
    scores: Mapping[int, float]  # by the index of the text they are of; some may be missing
    tokens: int = 0
    searches: int = 0  # where the service counts those


class RerankingService(Protocol):
    """One request to one provider, without a second try; its scores of one query can be compared across requests."""

    endpoint: Endpoint
    limits: Limits  # `text_tokens` of the query and a text together
    repeats_query: bool  # whether the query's tokens count anew with each text

    async def request(self, query: str, texts: Sequence[str]) -> RerankingAnswer:
        """
        Raises:
            Fault: There is no answer, or it is of another form than it should be.
        """
        ...

    async def close(self) -> None: ...


class RemoteReranker:
    """Implements `Reranker`."""

    def __init__(
        self,
        service: RerankingService,
        *,
        price: Price | None = None,
        patience: Patience | None = None,
        concurrency: int = 4,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.endpoint = service.endpoint
        self.name = service.endpoint.name
        self._service = service
        self._price = price
        self._attempts = Attempts(service.endpoint, patience or PATIENCE, sleep=sleep, chance=chance)
        self._places = asyncio.Semaphore(concurrency)

    async def close(self) -> None:
        await self._service.close()

    async def rerank(self, query: str, texts: Sequence[str]) -> Relevance:
        scores = np.empty(len(texts), np.float32)
        if not texts:
            return scores
        limits = self._service.limits
        asked = sendable(query, limits.text_tokens // QUERY_SHARE)
        room = limits.text_tokens - most_tokens(asked)
        sent = [sendable(text, room) for text in texts]
        with model_call("rerank", self.name) as call, spending(call, self._price) as spent:
            await together(
                self._fill(scores, rows, asked, [sent[row] for row in rows], spent)
                for rows in batches(sent, self._limits(asked))
            )
        return scores

    def _limits(self, query: str) -> Limits:
        """Of a request's texts, with what the query takes of it counted to them."""
        limits, size = self._service.limits, most_tokens(query)
        texts = limits.texts
        if self._service.repeats_query:
            texts = max(1, min(texts, limits.tokens // (2 * size)))
        tokens = limits.tokens - (size * texts if self._service.repeats_query else size)
        return Limits(texts=texts, tokens=tokens, text_tokens=limits.text_tokens)

    async def _fill(
        self, scores: Relevance, rows: Sequence[int], query: str, texts: Sequence[str], spent: Spending
    ) -> None:
        missing = list(range(len(texts)))

        async def ask() -> None:
            nonlocal missing
            answer = await self._service.request(query, [texts[at] for at in missing])
            spent.add(input_tokens=answer.tokens, searches=answer.searches)
            left = unanswered(self.endpoint, missing, answer.scores)
            if not all(map(math.isfinite, answer.scores.values())):
                raise malformed(self.endpoint)
            for place, score in answer.scores.items():
                scores[rows[missing[place]]] = score
            missing = left
            if missing:
                raise left_out(self.endpoint, missing, len(texts))

        async with self._places:
            await self._attempts.of(ask)
