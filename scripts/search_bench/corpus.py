"""Made-up chunks and questions, the same every time: words by Zipf's law, clustered embeddings of unit length."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from footnote.platform.inference import Embeddings

DIMENSION = 384
CLUSTERS = 2_000
SPREAD = 1.0  # length of what is added to the centre of a cluster, itself of length 1: cosine .5 inside a cluster
CHUNKS_OF_DOCUMENT = 20  # all of one cluster
BLOCK = 10_000  # chunks that are made at a time
VOCABULARY = 50_000
COMMONEST = 100  # words that a question has as stop words, which are not searched
WORDS = (90, 190)  # of a chunk
QUERY_WORDS = (3, 8)
SEED = 20_240_101
QUESTIONS, ADDED = 1_000_000, 2_000_000  # blocks beyond those of the corpus


class Asked(NamedTuple):
    text: str
    embedding: Embeddings


class Corpus:
    def __init__(self) -> None:
        random = np.random.default_rng(SEED)
        self._centres = unit(random.standard_normal((CLUSTERS, DIMENSION), np.float32))
        letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
        self.words = ["".join(random.choice(letters, length)) for length in random.integers(4, 11, VOCABULARY)]
        chances = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
        self._chances = chances / chances[-1]

    def embeddings(self, block: int, count: int = BLOCK, *, together: int = CHUNKS_OF_DOCUMENT) -> Embeddings:
        """Float32 [count, DIMENSION]; so many `together` are of one cluster."""
        random = np.random.default_rng([SEED, block])
        clusters = np.repeat(random.integers(0, CLUSTERS, -(-count // together)), together)[:count]
        noise = random.standard_normal((count, DIMENSION), np.float32) * np.float32(SPREAD / DIMENSION**0.5)
        return unit(self._centres[clusters] + noise)

    def texts(self, block: int, count: int = BLOCK) -> Iterator[Any]:
        """For each chunk the numbers of its words."""
        random = np.random.default_rng([SEED, block, 1])
        for length in random.integers(*WORDS, count):
            yield self._draw(random, int(length))

    def text(self, numbers: Sequence[int]) -> str:
        return " ".join(self.words[number] for number in numbers)

    def questions(self, count: int, block: int = 0) -> list[Asked]:
        """Two `block`s share none."""
        random = np.random.default_rng([SEED, QUESTIONS + block, 1])
        embeddings = self.embeddings(QUESTIONS + block, count, together=1)
        return [Asked(self._question(random), embedding) for embedding in embeddings]

    def _question(self, random: np.random.Generator) -> str:
        rare = self._draw(random, 200)
        return self.text(rare[rare >= COMMONEST][: int(random.integers(*QUERY_WORDS))])

    def _draw(self, random: np.random.Generator, count: int) -> Any:
        return np.searchsorted(self._chances, random.random(count))


class KnownEmbedder:
    """Has the embeddings of questions beforehand: what the model takes for them is not measured here."""

    name = "bench:known"
    dimension = DIMENSION
    max_tokens = 256

    def __init__(self) -> None:
        self._known: dict[str, Embeddings] = {}

    def learn(self, questions: Sequence[Asked]) -> None:
        self._known.update({asked.text: asked.embedding for asked in questions})

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        return np.stack([self._known[text] for text in texts])


def unit(rows: Embeddings) -> Embeddings:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
