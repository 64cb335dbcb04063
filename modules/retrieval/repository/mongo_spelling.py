"""Words instead of misspelt ones, out of chunks at hand: MongoDB keeps no list of all words that there are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from footnote.modules.retrieval.lexical.analysis import QueryTerm
from footnote.modules.retrieval.lexical.counting import frequencies
from footnote.modules.retrieval.lexical.spelling import Correction, corrections
from footnote.modules.retrieval.lexical.words import words_of


class Read(NamedTuple):
    """What is searched of a chunk by words."""

    whole: str
    language: str


def instead(doubtful: Mapping[str, Sequence[QueryTerm]], chunks: Sequence[Read]) -> dict[str, list[Correction]]:
    """By language, for terms of words that no chunk has; without those for which nothing is found."""
    found = {language: _of_language(language, terms, chunks) for language, terms in doubtful.items() if terms}
    return {language: those for language, those in found.items() if those}


def _of_language(language: str, terms: Sequence[QueryTerm], chunks: Sequence[Read]) -> list[Correction]:
    texts = [chunk.whole for chunk in chunks if chunk.language == language]
    counts = Counter(each for text in texts for each in frequencies(text, language))
    words = _Words({word for text in texts for word in words_of(text)})
    return corrections(terms, language, words, lambda hashes: [counts[each] for each in hashes])


class _Words:
    def __init__(self, words: Iterable[str]) -> None:
        self._words = words

    def near(self, word: str) -> list[str]:
        half = len(word) // 2
        return [each for each in self._words if each.startswith(word[:half]) or each.endswith(word[half:])]
