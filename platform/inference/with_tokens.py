"""Embeddings of texts, with those of their tokens from every embedder that has them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np

from footnote.platform.inference import EmbeddedTokens, Embedder, Embeddings


class Embedded(NamedTuple):
    embeddings: Embeddings  # [texts, dimension]
    tokens: list[Embeddings] | None  # of each text [tokens, another dimension]; None: the embedder has none


async def embed_with_tokens(
    embedder: Embedder, texts: Sequence[str], *, kind: Literal["document", "query"]
) -> Embedded:
    """
    Raises:
        Unavailable: The model cannot be reached or loaded.
    """
    # To look for a protocol would take 50 µs, on the event loop.
    embed_tokens: Callable[..., Awaitable[list[EmbeddedTokens]]] | None = getattr(embedder, "embed_tokens", None)
    if embed_tokens is None:
        return Embedded(await embedder.embed(texts, kind=kind), None)
    each = await embed_tokens(texts, kind=kind)
    embeddings = np.array([text.embedding for text in each], np.float32).reshape(len(texts), embedder.dimension)
    return Embedded(embeddings, [text.tokens for text in each])
