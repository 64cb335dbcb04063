"""BM25 of chunks at hand, as the index in memory computes it: `$text` finds words, but knows neither rare nor long."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from footnote.modules.retrieval.repository.memory.sparse import Bm25
from footnote.modules.retrieval.repository.mongo_terms import length_of

BM25 = Bm25()

Asked = Mapping[str, Mapping[str, float]]
"""By language, the codes of a question's terms and how many times each counts."""


class Coded(NamedTuple):
    """What is searched of a chunk by words, as codes."""

    header: str
    text: str
    language: str

    @property
    def length(self) -> int:
        return length_of(self.header) + length_of(self.text)


class Statistics(NamedTuple):
    """Of the chunks of one language."""

    chunks: int
    mean: float  # length, in terms
    having: Mapping[str, int]  # by code, in how many chunks it stands

    @classmethod
    def of(cls, chunks: Sequence[Coded], codes: Mapping[str, float]) -> "Statistics":
        having = Counter(
            code for chunk in chunks for code in codes.keys() & {*chunk.header.split(), *chunk.text.split()}
        )
        return cls(len(chunks), sum(chunk.length for chunk in chunks) / max(len(chunks), 1) or 1.0, having)

    def rarity(self, code: str) -> float:
        """More than zero even for a word that most have: else nothing would tell apart what has no other."""
        having = self.having.get(code, 0)
        return math.log1p((max(self.chunks, having) - having + 0.5) / (having + 0.5))


def statistics(asked: Asked, chunks: Sequence[Coded]) -> dict[str, Statistics]:
    """How rare the terms are, as far as `chunks` show it: all that have any of them, or the best of those."""
    by_language: dict[str, list[Coded]] = defaultdict(list)
    for chunk in chunks:
        by_language[chunk.language].append(chunk)
    return {language: Statistics.of(found, asked.get(language, {})) for language, found in by_language.items()}


def bm25(asked: Asked, chunks: Sequence[Coded], known: Mapping[str, Statistics]) -> list[float]:
    """The score of each of `chunks` for any of the terms; each language is compared by its own statistics."""
    weights = {
        language: {code: weight * known[language].rarity(code) for code, weight in codes.items()}
        for language, codes in asked.items()
        if language in known
    }
    return [
        _score(chunk, weights[chunk.language], known[chunk.language].mean) if chunk.language in weights else 0.0
        for chunk in chunks
    ]


def _score(chunk: Coded, weights: Mapping[str, float], mean: float) -> float:
    header, text = (Counter(filter(weights.__contains__, codes.split())) for codes in (chunk.header, chunk.text))
    base = BM25.k1 * (1 - BM25.b + BM25.b * chunk.length / mean)
    frequencies = {
        code: BM25.header_weight * header[code] + BM25.text_weight * text[code] for code in header.keys() | text.keys()
    }
    return sum(weights[code] * (BM25.k1 + 1) * each / (each + base) for code, each in frequencies.items())
