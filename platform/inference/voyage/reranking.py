"""Voyage's rerankers."""

from collections.abc import Sequence

from voyageai.api_resources import Reranking

from footnote.platform.inference.calls.answers import Endpoint, reading
from footnote.platform.inference.calls.reranking import RerankingAnswer
from footnote.platform.inference.calls.tokens import Limits
from footnote.platform.inference.voyage.client import VoyageClient

TEXTS = 1000
TOKENS = 600_000  # of one request: those of the query for each text, and those of the texts
TEXT_TOKENS = {"rerank-2.5": 32_000, "rerank-2.5-lite": 32_000, "rerank-2": 16_000}  # query and text; 8,000 otherwise
# Source: the provider's reference of its reranker API, as of 2026.


class VoyageReranking:
    """A `RerankingService`."""

    repeats_query = True

    def __init__(self, endpoint: Endpoint, *, timeout: float = 10.0) -> None:
        self.endpoint = endpoint
        self.limits = Limits(texts=TEXTS, tokens=TOKENS, text_tokens=TEXT_TOKENS.get(endpoint.model, 8000))
        self._client = VoyageClient(endpoint, timeout=timeout)

    async def close(self) -> None:
        await self._client.close()

    async def request(self, query: str, texts: Sequence[str]) -> RerankingAnswer:
        answer = await self._client.request(Reranking, query=query, documents=list(texts), truncation=True, top_k=None)
        with reading(self.endpoint):
            scores = {int(entry.index): float(entry.relevance_score) for entry in answer.data}
            return RerankingAnswer(scores, tokens=int(answer.usage.total_tokens))
