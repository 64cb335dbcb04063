"""Cohere's rerankers, over its HTTP API (v2)."""

from collections.abc import Sequence

import httpx
import msgspec

from footnote.platform.inference.calls.answers import (
    Endpoint,
    fault_of,
    reading,
    timed_out,
    unreachable,
)
from footnote.platform.inference.calls.reranking import RerankingAnswer
from footnote.platform.inference.calls.tokens import Limits

OFFICIAL = "https://api.cohere.com"
TEXTS = 1000
TEXT_TOKENS = {"rerank-v3.5": 4096}  # query and text; 32,000 otherwise
TOKENS = 4_000_000  # of one request; the service names no limit
# Source: the provider's reference of its rerank API, as of 2026.


class Scored(msgspec.Struct):
    index: int
    relevance_score: float


class Billed(msgspec.Struct):
    search_units: float = 0.0


class Meta(msgspec.Struct):
    billed_units: Billed | None = None


class Answer(msgspec.Struct):
    results: list[Scored]
    meta: Meta | None = None


class CohereReranking:
    """A `RerankingService`; counts searches, of up to 100 texts each, where others count tokens."""

    repeats_query = False

    def __init__(self, endpoint: Endpoint, *, timeout: float = 10.0) -> None:
        """`timeout` in seconds, of one request.

        Raises:
            KeyMissing: The endpoint has none.
        """
        self.endpoint = endpoint
        self.limits = Limits(texts=TEXTS, tokens=TOKENS, text_tokens=TEXT_TOKENS.get(endpoint.model, 32_000))
        self._client = httpx.AsyncClient(
            base_url=endpoint.url or OFFICIAL,
            headers={"Authorization": f"Bearer {endpoint.checked_key()}"},
            timeout=timeout,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def request(self, query: str, texts: Sequence[str]) -> RerankingAnswer:
        asked = {"model": self.endpoint.model, "query": query, "documents": list(texts)}
        try:
            response = await self._client.post("/v2/rerank", json=asked)
        except httpx.TimeoutException:
            raise timed_out(self.endpoint) from None
        except httpx.HTTPError:
            raise unreachable(self.endpoint) from None
        if not response.is_success:
            raise fault_of(self.endpoint, response.status_code, response.headers, _words(response))
        with reading(self.endpoint):
            answer = msgspec.json.decode(response.content, type=Answer)
            searches = answer.meta.billed_units.search_units if answer.meta and answer.meta.billed_units else 0
            scores = {entry.index: entry.relevance_score for entry in answer.results}
            return RerankingAnswer(scores, searches=int(searches))


def _words(response: httpx.Response) -> object:
    try:
        body = response.json()
    except ValueError:
        return None
    return body.get("message") if isinstance(body, dict) else None
