"""The terms of a text: stems of its words, pieces of scripts without spaces, and codes and numbers as they stand."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from footnote.modules.retrieval.lexical.codes import joined, number, sizes
from footnote.modules.retrieval.lexical.hashing import hash_of
from footnote.modules.retrieval.lexical.languages import (
    analysis_language,
    has_compounds,
    has_decimal_comma,
    stem,
    stop_words,
    without_fillers,
)
from footnote.modules.retrieval.lexical.pieces import grams, pieces
from footnote.modules.retrieval.lexical.tokens import (
    LETTERS,
    LETTERS_OR_DIGITS,
    PIECES,
    WORD,
    folded,
    plain,
    runs,
)
from footnote.platform.language import language_of

# Changes with what `analyse` gives, together with a migration: `footnote migrate` counts the terms of all chunks anew.
ANALYSIS = 1
MAX_TERMS = 128  # of a question
LONGEST_WORD = 64  # characters
GRAM_WEIGHT = 0.25  # of four letters of a word


class QueryTerm(NamedTuple):
    text: str
    hash: int
    weight: float  # how many times it counts
    word: str  # that it was made of, folded; empty where it is no word


def analyse(text: str, language: str | None) -> list[str]:
    """In order. Stop words are terms too: only questions leave them out."""
    language = analysis_language(language)
    return [term for run in runs(folded(text)) for term in terms_of(run, language)]


def terms_of(run: str, language: str) -> list[str]:
    """Those of one run of a folded text, and where compounds are written in one, pieces of its words."""
    return [*_whole_terms(run, language), *(gram for word in _grammed(run, language) for gram in grams(word))]


def query_terms(text: str, language: str | None) -> list[QueryTerm]:
    """What a question asks for: each term once, in order; stop words only where there is nothing else.

    A size ("M12×1.5") is asked for in each way that chunks may have it, for its sign is no part of a word, and an x is.
    """
    language = analysis_language(language)
    words: dict[str, str] = {}
    weights: dict[str, float] = defaultdict(float)
    asked = _asked_runs(text, language)
    for run in asked:
        word = run if LETTERS.fullmatch(run) and not PIECES.match(run) else ""
        for term in _whole_terms(run, language):
            words.setdefault(term, word)
            weights[term] += 1.0
    for gram in (gram for run in asked for word in _grammed(run, language) for gram in grams(word)):
        weights[gram] += GRAM_WEIGHT
    return [
        QueryTerm(term, hash_of(term), weight, words.get(term, ""))
        for term, weight in islice(weights.items(), MAX_TERMS)
    ]


def telling_words(text: str, language: str | None) -> list[str]:
    """The words of a question, for an index that knows no terms: letters and digits alone, codes in their parts too."""
    found = _asked_runs(text, analysis_language(language))
    words = [word for run in found for word in WORD.findall(run)]
    return [part for word in words for part in dict.fromkeys((*LETTERS_OR_DIGITS.findall(word), word))][:MAX_TERMS]


def phrase_terms(phrases: Sequence[str], language: str | None) -> list[set[str]]:
    """What chunks have that hold all of `phrases`: all terms of one set or another, the likeliest first.

    Where a code goes on, a chunk has its words and no such beginning in one: that of "AB-1234" in "AB-1234/56".
    """
    typed, in_one, apart, words = (
        {term for text in way for term in analyse(text, language)}
        for way in zip(*(_spellings(folded(phrase)) for phrase in phrases), strict=True)
    )
    ways = [typed, in_one, apart, *([words] if words < typed else [])]
    return [way for at, way in enumerate(ways) if way and way not in ways[:at]]


def _spellings(text: str) -> tuple[str, str, str, str]:
    in_one, apart = sizes(text) or (text, text)
    return text, in_one, apart, " ".join(WORD.findall(text))


def _asked_runs(text: str, language: str) -> list[str]:
    text = folded(text)
    asked = _telling_runs(text, language)
    others = [run for spelling in sizes(text) for run in _telling_runs(spelling, language)]
    return [*asked, *dict.fromkeys(run for run in others if run not in asked)]


def _telling_runs(text: str, language: str) -> list[str]:
    """Without the stop words of the language that it is in, either: in English chunks "die" and "el" would be rare."""
    found = runs(text)
    telling = without_fillers(text, language)
    stopped, others = stop_words(language), stop_words(told_language(text) or language)
    asked = found if telling == text else runs(telling)
    return [run for run in asked if run not in stopped and run not in others] or found


@lru_cache(maxsize=256)  # asked once for each language of the chunks
def told_language(question: str) -> str | None:
    """What it is analysed in where chunks are, too; None where its words do not tell."""
    language = language_of(question)
    return analysis_language(language) if language else None


def _whole_terms(run: str, language: str) -> list[str]:
    if run.isascii() and run.isalpha():  # as most are, and none of what follows
        return [_stemmed(run, language)]
    if PIECES.match(run):
        return pieces(run)
    if run.startswith("§"):
        section = run.lstrip("§ ")
        return [*_whole_terms(section, language), f"§{section[:LONGEST_WORD]}"]
    if "/" in run and not any(map(str.isdigit, run)):
        return [term for part in run.split("/") for term in _whole_terms(part, language)]
    value = number(run, decimal_comma=has_decimal_comma(language))
    if value is not None:
        return [value]
    code = joined(run)
    words = WORD.findall(run)
    if code is not None and all(len(word) == 1 for word in words) and not code.isdigit():
        return [code]  # "u.s." is "us", "c++" is not "c"
    parts = [part for word in words for part in _parts(word, language)]
    return parts if code is None else [*parts, code[:LONGEST_WORD]]


def _grammed(run: str, language: str) -> list[str]:
    """The words of a run that are taken to pieces, without diacritics."""
    if not has_compounds(language) or PIECES.match(run) or run in stop_words(language):
        return []
    return [plain(word[:LONGEST_WORD]) for word in WORD.findall(run) if word.isalpha()]


def _parts(word: str, language: str) -> list[str]:
    """Of one word: itself, and letters and digits apart where either are more than a mark ("gpt4", not "q3")."""
    pair = LETTERS_OR_DIGITS.findall(word) if not word.isalpha() and not word.isdigit() else ()
    is_code = len(pair) == 2 and all(len(part) > 1 or part.isdigit() for part in pair)
    return [_stemmed(part, language) for part in (*(pair if is_code else ()), word)]


def _stemmed(word: str, language: str) -> str:
    return plain(stem(word[:LONGEST_WORD], language))
