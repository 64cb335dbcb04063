"""Words instead of misspelt ones, out of chunks at hand: MongoDB keeps no list of all words that there are.

So chunks are asked for that have a word of the kind that one slip makes of the misspelt one.

Source: Norvig, How to Write a Spelling Corrector, 2007 (all words at distance one).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from footnote.modules.retrieval.lexical.analysis import QueryTerm, query_terms
from footnote.modules.retrieval.lexical.counting import frequencies
from footnote.modules.retrieval.lexical.spelling import Correction, corrections, halves, swapped
from footnote.modules.retrieval.lexical.words import LONGEST, SHORTEST, words_of
from footnote.modules.retrieval.repository.mongo_terms import code

ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "αβγδεζηθικλμνξοπρσςτυφχψω",
)
LOOKED_FOR = 3  # words of one question: of each some hundred others are made


class Read(NamedTuple):
    """What is searched of a chunk by words."""

    whole: str
    language: str


def instead(doubtful: Mapping[str, Sequence[QueryTerm]], chunks: Sequence[Read]) -> dict[str, list[Correction]]:
    """By language, for terms of words that no chunk has; without those for which nothing is found."""
    found = {language: _of_language(language, terms, chunks) for language, terms in doubtful.items() if terms}
    return {language: those for language, those in found.items() if those}


def alike(doubtful: Mapping[str, Sequence[QueryTerm]]) -> list[str]:
    """Codes of all words that differ in one place from those of `doubtful`, which are by language."""
    return [*{each for language, terms in doubtful.items() for each in _codes_alike(language, terms)}]


def _codes_alike(language: str, terms: Sequence[QueryTerm]) -> set[str]:
    words = [term.word for term in terms if SHORTEST <= len(term.word) <= LONGEST][:LOOKED_FOR]
    return {code(query_terms(each, language)[0].text, language) for word in words for each in one_off(word)}


def one_off(word: str) -> set[str]:
    """With a letter left out, added or replaced, or two swapped."""
    letters = next((alphabet for alphabet in ALPHABETS if any(letter in alphabet for letter in word)), "")
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    shorter = {before + after[1:] for before, after in parts}
    turned = {before + after[1] + after[0] + after[2:] for before, after in parts if len(after) > 1}
    replaced = {before + letter + after[1:] for before, after in parts if after for letter in letters}
    longer = {before + letter + after for before, after in parts for letter in letters}
    return (shorter | turned | replaced | longer) - {word}


def _of_language(language: str, terms: Sequence[QueryTerm], chunks: Sequence[Read]) -> list[Correction]:
    texts = [chunk.whole for chunk in chunks if chunk.language == language]
    counts = Counter(each for text in texts for each in frequencies(text, language))
    words = _Words({word for text in texts for word in words_of(text)})
    return corrections(terms, language, words, lambda hashes: [counts[each] for each in hashes])


class _Words:
    def __init__(self, words: Iterable[str]) -> None:
        self._words = words

    def near(self, word: str) -> list[str]:
        first, second = halves(word)
        other = swapped(word)
        return [each for each in self._words if each.startswith(first) or each.endswith(second) or each == other]
