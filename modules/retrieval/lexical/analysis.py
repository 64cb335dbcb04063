"""The terms of a text: stems of its words, pieces of scripts without spaces, and codes as they stand."""

import unicodedata
from collections import Counter
from typing import NamedTuple

from footnote.modules.retrieval.lexical.hashing import hash_of
from footnote.modules.retrieval.lexical.languages import analysis_language, stem, stop_words
from footnote.modules.retrieval.lexical.tokens import PIECES, WORD, folded, runs

ANALYSIS = 1  # changes with what `analyse` gives: chunks stored with another are analysed again
MAX_TERMS = 128  # of a question
LONGEST_WORD = 64  # characters
_CACHED = 200_000

_terms_of_runs: dict[tuple[str, str], tuple[str, ...]] = {}


class QueryTerm(NamedTuple):
    text: str
    hash: int
    weight: float  # how many times it counts
    word: str  # that it was made of, folded; empty where it is no word


def analyse(text: str, language: str | None) -> list[str]:
    language = analysis_language(language)
    return [term for run in runs(folded(text)) for term in terms_of(run, language)]


def query_terms(text: str, language: str | None) -> list[QueryTerm]:
    """What a question asks for: each term once, in order; stop words only where there is nothing else."""
    language = analysis_language(language)
    found = runs(folded(text))
    telling = [run for run in found if run not in stop_words(language)] or found
    words: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for run in telling:
        for term in terms_of(run, language):
            words.setdefault(term, run if run.isalpha() and not PIECES.match(run) else "")
            counts[term] += 1
    return [QueryTerm(term, hash_of(term), float(times), words[term]) for term, times in counts.items()][:MAX_TERMS]


def terms_of(run: str, language: str) -> tuple[str, ...]:
    """Those of one run of a folded text."""
    terms = _terms_of_runs.get((run, language))
    if terms is None:
        if len(_terms_of_runs) > _CACHED:
            _terms_of_runs.clear()
        terms = _terms_of_runs[run, language] = tuple(_terms(run, language))
    return terms


def _terms(run: str, language: str) -> list[str]:
    if PIECES.match(run):
        return [run[at : at + 2] for at in range(max(len(run) - 1, 1))]
    words = [_plain(stem(word[:LONGEST_WORD], language)) for word in WORD.findall(run)]
    joined = "".join(WORD.findall(run))
    return [*words, joined[:LONGEST_WORD]] if len(words) > 1 and any(map(str.isdigit, run)) else words


def _plain(word: str) -> str:
    """Without diacritics of the scripts that may be written without them."""
    if word.isascii():
        return word
    return "".join(each for each in unicodedata.normalize("NFKD", word) if not 0x300 <= ord(each) <= 0x36F)
