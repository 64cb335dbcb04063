"""Voyage's embeddings: queries and documents apart, as many numbers as asked for, floats or int8."""

from collections.abc import Sequence
from typing import Literal

from voyageai.api_resources import Embedding

from footnote.platform.inference.calls.answers import Endpoint, reading
from footnote.platform.inference.calls.embedding import EmbeddingAnswer, Kind
from footnote.platform.inference.calls.tokens import Limits
from footnote.platform.inference.dimensions import KNOWN
from footnote.platform.inference.voyage.client import VoyageClient

Form = Literal["float", "int8"]

TEXTS = 1000
LEAST_TOKENS = 120_000  # of one request, of the large models and those of a field
TOKENS = {"voyage-4": 320_000, "voyage-3.5": 320_000, "voyage-4-lite": 1_000_000, "voyage-3.5-lite": 1_000_000}
TEXT_TOKENS = {"voyage-law-2": 16_000}  # 32,000 otherwise
# Source: the provider's reference of its embeddings API, as of 2026.


class VoyageEmbedding:
    """An `EmbeddingService`. int8 is a quarter of the bytes on the way; the length is brought back afterwards."""

    def __init__(self, endpoint: Endpoint, dimension: int, *, form: Form = "float", timeout: float = 30.0) -> None:
        self.endpoint = endpoint
        self.limits = Limits(
            texts=TEXTS,
            tokens=TOKENS.get(endpoint.model, LEAST_TOKENS),
            text_tokens=TEXT_TOKENS.get(endpoint.model, 32_000),
        )
        known = KNOWN.get(endpoint.name)
        # Models that have but one refuse to be asked for it.
        self._dimension = None if known and known.own == dimension else dimension
        self._form = form
        self._client = VoyageClient(endpoint, timeout=timeout)

    async def close(self) -> None:
        await self._client.close()

    async def request(self, texts: Sequence[str], kind: Kind) -> EmbeddingAnswer:
        answer = await self._client.request(
            Embedding,
            input=list(texts),
            input_type=kind,
            truncation=True,
            output_dimension=self._dimension,
            output_dtype=self._form,
        )
        with reading(self.endpoint):
            rows = {int(entry.index): entry.embedding for entry in answer.data}
            return EmbeddingAnswer(rows, int(answer.usage.total_tokens))
