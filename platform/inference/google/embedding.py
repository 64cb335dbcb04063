"""Google's embeddings, by task and in as many numbers as asked for."""

from collections.abc import Sequence

import httpx2
from google.genai import types

from footnote.platform.inference.calls.answers import Endpoint, failed
from footnote.platform.inference.calls.embedding import EmbeddingAnswer, Kind
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.inference.calls.tokens import Limits
from footnote.platform.inference.google.client import faults, open_client

TEXTS = 100
NUMBERS = 20_000  # the client takes a microsecond for each
TEXT_TOKENS = {"gemini-embedding-001": 2048}  # 8,192 otherwise
TASKED = {"gemini-embedding-001"}  # models that are told the task; later ones read it before the text
TASKS = {"document": "RETRIEVAL_DOCUMENT", "query": "RETRIEVAL_QUERY"}
PREFIXES = {"document": "title: none | text: ", "query": "task: search result | query: "}
# Source: the provider's page on embeddings, as of 2026.


class GoogleEmbedding:
    """An `EmbeddingService`. The answer has no index: it is in the order of the request, or of no use."""

    def __init__(self, endpoint: Endpoint, dimension: int, *, timeout: float = 30.0) -> None:
        """`timeout` in seconds, of one request.

        Raises:
            KeyMissing: The endpoint has none.
        """
        self.endpoint = endpoint
        text_tokens = TEXT_TOKENS.get(endpoint.model, 8192)
        self.limits = Limits(texts=TEXTS, tokens=TEXTS * text_tokens, text_tokens=text_tokens, numbers=NUMBERS)
        self._is_tasked = endpoint.model in TASKED
        self._dimension = dimension
        self._connections = httpx2.AsyncClient(timeout=timeout)
        self._client = open_client(endpoint, timeout, self._connections)
        self._models = self._client.aio.models

    async def close(self) -> None:
        await self._connections.aclose()
        self._client.close()

    async def request(self, texts: Sequence[str], kind: Kind) -> EmbeddingAnswer:
        with faults(self.endpoint):
            answer = await self._models.embed_content(
                model=self.endpoint.model, contents=self._contents(texts, kind), config=self._config(kind)
            )
            return self._read(answer, len(texts))

    def _contents(self, texts: Sequence[str], kind: Kind) -> list[types.Content]:
        """Each a content of its own: of bare texts, the later models make one embedding for all."""
        prefix = "" if self._is_tasked else PREFIXES[kind]
        return [types.Content(parts=[types.Part(text=prefix + text)]) for text in texts]

    def _config(self, kind: Kind) -> types.EmbedContentConfig:
        return types.EmbedContentConfig(
            task_type=TASKS[kind] if self._is_tasked else None, output_dimensionality=self._dimension
        )

    def _read(self, answer: types.EmbedContentResponse, expected: int) -> EmbeddingAnswer:
        rows = [embedding.values or [] for embedding in answer.embeddings or []]
        if len(rows) != expected:
            what = f"gave {len(rows)} embeddings for {expected} texts, and does not tell of which"
            raise Fault(failed(self.endpoint, what), again=True)
        usage = answer.usage_metadata
        return EmbeddingAnswer(dict(enumerate(rows)), (usage.prompt_token_count if usage else None) or 0)
