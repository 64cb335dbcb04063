"""Embeddings of texts, with those of their tokens from every embedder that has them."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from footnote.platform.inference import Embedder, Embeddings, TokenEmbedder


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
    if not isinstance(embedder, TokenEmbedder):
        return Embedded(await embedder.embed(texts, kind=kind), None)
    each = await embedder.embed_tokens(texts, kind=kind)
    embeddings = np.array([text.embedding for text in each], np.float32).reshape(len(texts), embedder.dimension)
    return Embedded(embeddings, [text.tokens for text in each])
