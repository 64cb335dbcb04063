"""What a question asks of the chunks of each language, and what words may stand for that nothing has."""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from footnote.modules.retrieval.lexical.analysis import QueryTerm, query_terms
from footnote.modules.retrieval.lexical.spelling import correctable, corrections
from footnote.modules.retrieval.repository.memory.analysed import QueryTerms
from footnote.modules.retrieval.repository.memory.searching import Searched
from footnote.modules.retrieval.repository.memory.sparse import Lists, language_salt
from footnote.modules.retrieval.repository.sqlite_words import SqliteWords
from footnote.modules.retrieval.stages import Stages


def wording(
    connection: sqlite3.Connection, tenant: str, searched: Searched, text: str, names: Sequence[str], stages: Stages
) -> Mapping[str, QueryTerms]:
    """By language, of those that the tenant's chunks are in. Only what `searched` may find decides what a word is."""
    languages = [names[code] for code in searched.tenant.counts.nonzero()[0].tolist()]
    terms = {language: query_terms(text, language) for language in languages}
    asked = {language: _looked_up(searched, language, its_terms) for language, its_terms in terms.items()}
    unknown = [_unknown(searched, terms[language], asked[language].lists) for language in languages]
    of_none = set.intersection(*unknown) if unknown else set()
    words = SqliteWords(connection, tenant)
    for language in correctable(text, languages) if of_none else ():
        doubtful = [term for term in terms[language] if term.word in of_none]
        instead = _instead(searched, words, language, doubtful, stages)
        asked[language] = _looked_up(searched, language, [*terms[language], *instead])
    return asked


def _unknown(searched: Searched, terms: Sequence[QueryTerm], lists: Sequence[Lists]) -> set[str]:
    """The words of which nothing has a term."""
    worded = [at for at, term in enumerate(terms) if term.word]
    counts = searched.having([[its_lists[at] for at in worded] for its_lists in lists])
    return {terms[at].word for at, chunks in zip(worded, counts, strict=True) if not chunks}


def _instead(
    searched: Searched, words: SqliteWords, language: str, doubtful: Sequence[QueryTerm], stages: Stages
) -> list[QueryTerm]:
    found = corrections(doubtful, language, words, partial(_frequency, searched, language))
    for correction in found:
        stages.correct(correction.word, correction.instead)
    return [term for correction in found for term in correction.terms]


def _frequency(searched: Searched, language: str, hashes: Sequence[int]) -> list[int]:
    return searched.having(searched.lists(np.array(hashes, np.uint64) ^ language_salt(language)))


def _looked_up(searched: Searched, language: str, terms: Sequence[QueryTerm]) -> QueryTerms:
    keys = np.array([term.hash for term in terms], np.uint64) ^ language_salt(language)
    return QueryTerms(np.array([term.weight for term in terms], np.float32), searched.lists(keys))
