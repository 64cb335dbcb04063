"""Phrases in quotes: chunks that hold them as they stand."""

import json
import sqlite3
from collections.abc import Collection, Sequence

import numpy as np

from footnote.modules.retrieval.lexical.analysis import phrase_terms
from footnote.modules.retrieval.lexical.counting import hash_of
from footnote.modules.retrieval.lexical.phrases import all_held
from footnote.modules.retrieval.repository.memory.segments import Segment
from footnote.modules.retrieval.repository.memory.sparse import Flags, Integers, Keys, Rows, language_salt
from footnote.modules.retrieval.repository.memory.tenants import Admitted, Tenant

MOST = 2000  # chunks that are read to see whether the words of a phrase stand side by side
TEXTS = """
SELECT chunk.number, chunk.header, chunk.text FROM json_each(?) AS wanted
CROSS JOIN chunk ON chunk.number = wanted.value
"""


def holding(
    connection: sqlite3.Connection,
    tenant: Tenant,
    admitted: Sequence[Admitted],
    names: Sequence[str],
    phrases: Sequence[str],
) -> tuple[Admitted, ...] | None:
    """What is admitted and holds each of `phrases`; None if nothing does. `names` are languages by their codes.

    Where more than `MOST` chunks have all their words, only so many are looked at, those of fewest words first.
    """
    languages = [names[code] for code in np.flatnonzero(tenant.counts).tolist()]
    ways = {language: [_keys(way, language) for way in phrase_terms(phrases, language)] for language in languages}
    held = np.zeros(0, np.int64)
    for at in range(max(map(len, ways.values()), default=0)):
        wanted = [of_language[at] for of_language in ways.values() if at < len(of_language)]
        held = np.union1d(held, _held(connection, _likeliest(tenant, admitted, wanted), phrases))
    if not held.size:
        return None
    flags = [np.isin(segment.numbers, held) for segment in tenant.segments]
    return tuple(Admitted(each, int(np.count_nonzero(each))) for each in flags)


def _keys(terms: Collection[str], language: str) -> Keys:
    return np.array(sorted(map(hash_of, terms)), np.uint64) ^ language_salt(language)


def _likeliest(tenant: Tenant, admitted: Sequence[Admitted], wanted: Sequence[Keys]) -> Integers:
    """The numbers of chunks that have all terms of any of `wanted`, of fewest words first."""
    numbers, lengths = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for segment, may in zip(tenant.segments, admitted, strict=True):
        rows = _with_words(segment, may.flags, wanted)
        numbers.append(segment.numbers[rows])
        lengths.append(segment.lengths[rows])
    order = np.argsort(np.concatenate(lengths), kind="stable")
    return np.concatenate(numbers)[order[:MOST]]


def _with_words(segment: Segment, flags: Flags | None, wanted: Sequence[Keys]) -> Rows:
    found = [segment.postings.having_all(keys) for keys in wanted]
    rows = np.unique(np.concatenate([np.zeros(0, np.int32), *found]))
    flags = segment.living if flags is None else flags
    return rows if flags is None else rows[flags[rows]]


def _held(connection: sqlite3.Connection, numbers: Integers, phrases: Sequence[str]) -> Integers:
    rows = connection.execute(TEXTS, (json.dumps(numbers.tolist()),))
    held = [row["number"] for row in rows if all_held(phrases, (row["text"], row["header"]))]
    return np.array(held, np.int64)
