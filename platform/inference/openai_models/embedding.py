"""OpenAI's embeddings, and those of servers that answer as it does."""

import asyncio
import base64
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np
from openai import omit

from footnote.platform.inference.calls.answers import Endpoint
from footnote.platform.inference.calls.embedding import EmbeddingAnswer, Kind
from footnote.platform.inference.calls.tokens import Limits
from footnote.platform.inference.openai_models.client import faults, open_client

LIMITS = Limits(texts=2048, tokens=300_000, text_tokens=8191, numbers=400_000)
# Source: the provider's reference of its embeddings API, as of 2026.
MODEST = Limits(texts=64, tokens=64_000, text_tokens=8191, numbers=400_000)  # of servers that tell no limits
FIXED = {"text-embedding-ada-002"}  # models that know one dimension and refuse to be asked for it


class Entry(msgspec.Struct):
    index: int
    embedding: str | list[float]  # base64 of little-endian float32, or numbers


class Usage(msgspec.Struct):
    prompt_tokens: int = 0


class Answer(msgspec.Struct):
    data: list[Entry]
    usage: Usage | None = None


class OpenAIEmbedding:
    """An `EmbeddingService`. The models read queries and documents alike."""

    def __init__(
        self, endpoint: Endpoint, dimension: int, *, is_compatible: bool = False, timeout: float = 30.0
    ) -> None:
        """One that is only compatible is not asked for a dimension, for many servers refuse to be."""
        self.endpoint = endpoint
        self.limits = MODEST if is_compatible else LIMITS
        self._dimensions = omit if is_compatible or endpoint.model in FIXED else dimension
        # Numbers as text are larger, and what every server can give.
        self._encoding: Literal["base64", "float"] = "float" if is_compatible else "base64"
        self._client = open_client(endpoint, timeout)
        self._embeddings = self._client.embeddings  # imports most of the client: now, and not while others wait

    async def close(self) -> None:
        await self._client.close()

    async def request(self, texts: Sequence[str], kind: Kind) -> EmbeddingAnswer:
        with faults(self.endpoint):
            # The client would look at every number for itself, on the event loop.
            response = await self._embeddings.with_raw_response.create(
                model=self.endpoint.model,
                input=list(texts),
                dimensions=self._dimensions,
                encoding_format=self._encoding,
            )
            return await asyncio.to_thread(_read, response.content)


def _read(content: bytes) -> EmbeddingAnswer:
    answer = msgspec.json.decode(content, type=Answer)
    rows = {entry.index: _numbers(entry.embedding) for entry in answer.data}
    return EmbeddingAnswer(rows, answer.usage.prompt_tokens if answer.usage else 0)


def _numbers(embedding: str | list[float]) -> np.ndarray:
    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding), "<f4")
    return np.array(embedding, np.float64)
