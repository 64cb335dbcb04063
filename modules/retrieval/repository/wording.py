"""What a question asks of the chunks of each language, and what words may stand for that nothing has."""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from footnote.modules.retrieval.lexical.analysis import QueryTerm, query_terms
from footnote.modules.retrieval.lexical.spelling import correctable, corrections
from footnote.modules.retrieval.repository.memory.analysed import QueryTerms
from footnote.modules.retrieval.repository.memory.searching import Searched
from footnote.modules.retrieval.repository.memory.sparse import language_salt
from footnote.modules.retrieval.repository.sqlite_words import SqliteWords
from footnote.modules.retrieval.stages import Stages


def wording(
    connection: sqlite3.Connection, tenant: str, searched: Searched, text: str, names: Sequence[str], stages: Stages
) -> Mapping[str, QueryTerms]:
    """By language, of those that the tenant's chunks are in. Only what `searched` may find decides what a word is."""
    languages = [names[code] for code in np.flatnonzero(searched.tenant.counts).tolist()]
    asked = {language: query_terms(text, language) for language in languages}
    unknown = set.intersection(*(_unknown(searched, *each) for each in asked.items())) if asked else set()
    words, corrected = SqliteWords(connection, tenant), correctable(text, languages)
    return {
        language: _keyed(
            language,
            [*terms, *_instead(searched, words, language, terms, unknown if language in corrected else set(), stages)],
        )
        for language, terms in asked.items()
    }


def _unknown(searched: Searched, language: str, terms: Sequence[QueryTerm]) -> set[str]:
    worded = [term for term in terms if term.word]
    counts = searched.having(np.array([term.hash for term in worded], np.uint64) ^ language_salt(language))
    return {term.word for term, chunks in zip(worded, counts, strict=True) if not chunks}


def _instead(
    searched: Searched,
    words: SqliteWords,
    language: str,
    terms: Sequence[QueryTerm],
    unknown: set[str],
    stages: Stages,
) -> list[QueryTerm]:
    doubtful = [term for term in terms if term.word in unknown]
    if not doubtful:
        return []
    found = corrections(doubtful, language, words, partial(_frequency, searched, language))
    for correction in found:
        stages.correct(correction.word, correction.instead)
    return [term for correction in found for term in correction.terms]


def _frequency(searched: Searched, language: str, hashes: Sequence[int]) -> list[int]:
    return searched.having(np.array(hashes, np.uint64) ^ language_salt(language))


def _keyed(language: str, terms: Sequence[QueryTerm]) -> QueryTerms:
    keys = np.array([term.hash for term in terms], np.uint64) ^ language_salt(language)
    return QueryTerms(keys, np.array([term.weight for term in terms], np.float32))
