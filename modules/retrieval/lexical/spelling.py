"""Words that nothing has, replaced by the nearest of those that something has."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from rapidfuzz.distance import OSA

from footnote.modules.retrieval.lexical.analysis import QueryTerm, query_terms, told_language
from footnote.modules.retrieval.lexical.languages import analysis_language, has_compounds
from footnote.modules.retrieval.lexical.tokens import LETTERS, folded
from footnote.modules.retrieval.lexical.words import LONGEST, SHORTEST

FORGIVING = 8  # letters from which a word may be wrong in two places
CORRECTED = 8  # words of one question


class Trust(NamedTuple):
    suggestions: int  # for one word
    weight: float  # of each, for every place that it differs in


IN_WORDS = Trust(3, 0.7)
IN_PIECES = Trust(1, 0.5)  # where pieces of words are terms, they find most of a misspelt one already

Frequency = Callable[[Sequence[int]], Sequence[int]]


class Correction(NamedTuple):
    word: str  # that nothing has
    instead: str
    distance: int  # letters added, left out, replaced or swapped with the next
    terms: list[QueryTerm]  # weighted down


class Vocabulary(Protocol):
    def near(self, word: str) -> Iterable[str]:
        """Words of which one `half` is that of `word`, or which are `swapped` of it: more than are alike."""
        ...


def halves(word: str) -> tuple[str, str]:
    """Whatever is wrong in one place leaves one of them as it should be, but for two letters that it swaps."""
    half = len(word) // 2
    return word[:half], word[half:]


def swapped(word: str) -> str:
    """`word` with the letters on either side of its middle in each other's place."""
    first, second = halves(word)
    return first[:-1] + second[:1] + first[-1:] + second[1:]


def correctable(question: str, languages: Collection[str]) -> Collection[str]:
    """Those of the chunks' `languages` whose words may stand for others: that of the question, if it is one of them."""
    told = told_language(folded(question))
    return {told} if told is not None and told in languages else languages


def mended(question: str, instead: Mapping[str, Sequence[str]]) -> str:
    """With the first of the words that may stand for another; `instead` is by folded words.

    Short words stay: of four letters, one that nothing has is more often an abbreviation.
    """

    def spelled(word: str) -> str:
        return next(iter(instead.get(folded(word), ())), word) if len(word) > SHORTEST else word

    return LETTERS.sub(lambda found: spelled(found.group()), question)


def corrections(
    terms: Sequence[QueryTerm], language: str | None, vocabulary: Vocabulary, frequency: Frequency
) -> list[Correction]:
    """For the words of `terms` that no chunk has: few each, by distance, then by how many chunks have them.

    `frequency` says in how many chunks each hash stands: of those that may be found, so that no word gets out of
    documents that are closed to the reader. `vocabulary` may have others.
    """
    words = [term for term in terms if SHORTEST <= len(term.word) <= LONGEST]
    found = frequency([term.hash for term in words])
    unknown = [term for term, chunks in zip(words, found, strict=True) if not chunks][:CORRECTED]
    return [each for term in unknown for each in _corrected(term, language, vocabulary, frequency)]


def _corrected(term: QueryTerm, language: str | None, vocabulary: Vocabulary, frequency: Frequency) -> list[Correction]:
    limit = 2 if len(term.word) >= FORGIVING else 1
    near = {word: OSA.distance(term.word, word, score_cutoff=limit) for word in vocabulary.near(term.word)}
    alike = [(distance, word, query_terms(word, language)) for word, distance in near.items() if distance <= limit]
    counts = frequency([terms[0].hash for _, _, terms in alike])
    trust = IN_PIECES if has_compounds(analysis_language(language)) else IN_WORDS
    ranked = sorted(
        (distance, -chunks, word, terms)
        for (distance, word, terms), chunks in zip(alike, counts, strict=True)
        if chunks
    )
    return [
        Correction(term.word, word, distance, [_weighted(each, term.weight * trust.weight**distance) for each in terms])
        for distance, _, word, terms in ranked[: trust.suggestions]
    ]


def _weighted(term: QueryTerm, weight: float) -> QueryTerm:
    return term._replace(weight=weight)
