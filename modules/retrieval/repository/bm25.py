"""BM25 of chunks at hand, as the index in memory computes it: `$text` finds words, but knows neither rare nor long."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from footnote.modules.retrieval.lexical.analysis import query_terms
from footnote.modules.retrieval.lexical.counting import frequencies
from footnote.modules.retrieval.lexical.languages import analysis_language
from footnote.modules.retrieval.repository.memory.sparse import Bm25

BM25 = Bm25()


class Worded(NamedTuple):
    """What is searched of a chunk by words."""

    header: str
    text: str
    language: str | None


def bm25(question: str, chunks: Sequence[Worded]) -> list[float]:
    """The score of each of `chunks` for any term of `question`; a word twice counts twice.

    How rare a term is shows in `chunks`, which are all that match, or the best of them: for each language by itself.
    """
    scores = [0.0] * len(chunks)
    places: dict[str, list[int]] = defaultdict(list)
    for place, chunk in enumerate(chunks):
        places[analysis_language(chunk.language)].append(place)
    for language, its_places in places.items():
        its_scores = _of_language(question, language, [chunks[place] for place in its_places])
        for place, score in zip(its_places, its_scores, strict=True):
            scores[place] = score
    return scores


def _of_language(question: str, language: str, chunks: Sequence[Worded]) -> list[float]:
    counts = [(frequencies(chunk.header, language), frequencies(chunk.text, language)) for chunk in chunks]
    lengths = [sum(header.values()) + sum(text.values()) for header, text in counts]
    mean = sum(lengths) / len(lengths) or 1.0
    weights = {
        term.hash: term.weight
        * _rarity(sum(term.hash in header or term.hash in text for header, text in counts), len(chunks))
        for term in query_terms(question, language)
    }
    return [
        sum(
            weight
            * _saturated(BM25.header_weight * header.get(key, 0) + BM25.text_weight * text.get(key, 0), length / mean)
            for key, weight in weights.items()
        )
        for (header, text), length in zip(counts, lengths, strict=True)
    ]


def _rarity(having: int, total: int) -> float:
    """More than zero even for a word that most have: else nothing would tell apart what has no other."""
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def _saturated(frequency: float, length: float) -> float:
    """`length` in those of a mean chunk."""
    return frequency * (BM25.k1 + 1) / (frequency + BM25.k1 * (1 - BM25.b + BM25.b * length))
