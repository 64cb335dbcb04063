"""BM25 of chunks at hand, as FTS5 computes it: `$text` finds words in MongoDB, but knows neither rare nor long."""

import math
from collections import Counter
from collections.abc import Sequence

import Stemmer

from footnote.modules.retrieval.repository.terms import HEADER_WEIGHT, TEXT_WEIGHT, WORD

K1 = 1.2
B = 0.75


class Stems:
    """Words brought to their stems in the way that MongoDB names, `none` leaves them."""

    def __init__(self, language: str) -> None:
        self._stemmer = Stemmer.Stemmer(language) if language in Stemmer.algorithms() else None

    def of(self, text: str) -> list[str]:
        words = WORD.findall(text.lower())
        return words if self._stemmer is None else self._stemmer.stemWords(words)


def bm25(query: str, chunks: Sequence[tuple[str, str]], language: str, total: int) -> list[float]:
    """The score of each of `chunks`, pairs of header and text, for any word of `query`; a word twice counts twice.

    How rare a word is shows in `chunks`, out of `total` that were searched: all that match, or the best of them.
    """
    stems = Stems(language)
    wanted = Counter(stems.of(query))
    counts = [(Counter(stems.of(header)), Counter(stems.of(text))) for header, text in chunks]
    lengths = [header.total() + text.total() for header, text in counts]
    mean = sum(lengths) / max(len(lengths), 1) or 1.0
    weights = {
        word: times * _rarity(sum(word in header or word in text for header, text in counts), total)
        for word, times in wanted.items()
    }
    return [
        sum(
            weight * _saturated(HEADER_WEIGHT * header[word] + TEXT_WEIGHT * text[word], length / mean)
            for word, weight in weights.items()
        )
        for (header, text), length in zip(counts, lengths, strict=True)
    ]


def _rarity(having: int, total: int) -> float:
    """More than zero even for a word that most have: else nothing would tell apart what has no other."""
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def _saturated(frequency: float, length: float) -> float:
    """`length` in those of a mean chunk."""
    return frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length))
