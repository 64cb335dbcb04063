"""The embedder over any service: batches, order, length and dimension of embeddings, partial answers, cost."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from footnote.platform.inference import Embeddings
from footnote.platform.inference.calls.answers import Endpoint, failed, left_out, unanswered
from footnote.platform.inference.calls.attempts import Attempts, Patience, Sleep
from footnote.platform.inference.calls.errors import Fault, WrongDimension
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.calls.spending import Spending, spending
from footnote.platform.inference.calls.tokens import Limits, batches, sendable
from footnote.platform.telemetry.model_calls import model_call
from footnote.platform.together import together

Kind = Literal["document", "query"]


@dataclass(frozen=True)
class EmbeddingAnswer:
    rows: Mapping[int, ArrayLike]  # by the index of the text they are of; some may be missing
    tokens: int = 0  # that the service counted, 0 where it tells nothing


class EmbeddingService(Protocol):
    """One request to one provider, without a second try."""

    endpoint: Endpoint
    limits: Limits

    async def request(self, texts: Sequence[str], kind: Kind) -> EmbeddingAnswer:
        """
        Raises:
            Fault: There is no answer, or it is of another form than it should be.
        """
        ...

    async def close(self) -> None: ...


class RemoteEmbedder:
    """Implements `Embedder`. That the same texts give the same bits is for the service to keep, and few promise it.

    Questions have a place of their own among the requests under way: they never queue behind documents.
    """

    def __init__(
        self,
        service: EmbeddingService,
        dimension: int,
        *,
        variant: str = "",
        price: Price | None = None,
        patience: Patience | None = None,
        hurry: Patience | None = None,
        concurrency: int = 4,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`variant` names what else changes the numbers; `concurrency` is of requests under way for each kind.

        `hurry` is the patience with questions, for which somebody waits; without one it is `patience`.
        """
        self.endpoint = service.endpoint
        self.name = "/".join(filter(None, (service.endpoint.name, str(dimension), variant)))
        self.dimension = dimension
        self.max_tokens = service.limits.text_tokens
        self._service = service
        limits = service.limits
        self._limits = msgspec.structs.replace(limits, texts=max(1, min(limits.texts, limits.numbers // dimension)))
        self._price = price
        patience = patience or Patience()
        self._attempts = {
            "document": Attempts(service.endpoint, patience, sleep=sleep, chance=chance),
            "query": Attempts(service.endpoint, hurry or patience, sleep=sleep, chance=chance),
        }
        self._places = {kind: asyncio.Semaphore(concurrency) for kind in ("document", "query")}

    async def warm(self) -> None:
        """Nothing has to be loaded, and a call would cost money."""

    async def close(self) -> None:
        await self._service.close()

    async def embed(self, texts: Sequence[str], *, kind: Kind) -> Embeddings:
        embeddings = np.empty((len(texts), self.dimension), np.float32)
        if not texts:
            return embeddings
        sent = [sendable(text, self.max_tokens) for text in texts]
        with model_call("embeddings", self.endpoint.name) as call, spending(call, self._price) as spent:
            await together(
                self._fill(embeddings, rows, [sent[row] for row in rows], kind, spent)
                for rows in batches(sent, self._limits)
            )
        return embeddings

    async def _fill(
        self, embeddings: Embeddings, rows: Sequence[int], texts: Sequence[str], kind: Kind, spent: Spending
    ) -> None:
        missing = list(range(len(texts)))

        async def ask() -> None:
            nonlocal missing
            answer = await self._service.request([texts[at] for at in missing], kind)
            spent.add(input_tokens=answer.tokens)
            left = unanswered(self.endpoint, missing, answer.rows)
            for place, row in answer.rows.items():
                embeddings[rows[missing[place]]] = self._of_unit_length(row)
            missing = left
            if missing:
                raise left_out(self.endpoint, missing, len(texts))

        async with self._places[kind]:
            await self._attempts[kind].of(ask)

    def _of_unit_length(self, row: ArrayLike) -> Embeddings:
        """Also undoes the scale of integers, and the shortening of what was of unit length."""
        embedding = np.asarray(row, np.float64)
        if embedding.shape != (self.dimension,):
            raise Fault(WrongDimension(self.name, self.dimension, embedding.size))
        length = float(np.linalg.norm(embedding))
        if not np.isfinite(length) or length == 0:
            raise Fault(failed(self.endpoint, "gave an embedding without a direction"), again=True)
        return (embedding / length).astype(np.float32)
