"""A small index on the embedded store, and what embeds for it."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from support.shelf import DIMENSION, MODEL, Shelf, opened_shelf
from support.stores import sqlite_store

from footnote.platform.inference import Embeddings


class LetterEmbedder:
    """An embedding counts the letters a, b, c and d."""

    name = MODEL
    dimension = DIMENSION
    max_tokens = 256

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        raw = [text.encode() for text in texts]  # as a real tokenizer, it takes no lone surrogates
        counts = np.array([[text.count(letter) + 1e-3 for letter in b"abcd"] for text in raw], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with sqlite_store(tmp_path) as opened, opened_shelf(opened) as shelf:
        yield shelf


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()
