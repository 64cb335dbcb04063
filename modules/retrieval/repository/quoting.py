"""Phrases in quotes: chunks that hold them as they stand."""

import json
import sqlite3
from collections.abc import Sequence

import numpy as np

from footnote.modules.retrieval.lexical.analysis import analyse
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
    wanted = [[_keys(phrase, names[code]) for phrase in phrases] for code in np.flatnonzero(tenant.counts).tolist()]
    numbers, lengths = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for segment, may in zip(tenant.segments, admitted, strict=True):
        rows = _with_words(segment, may.flags, wanted)
        numbers.append(segment.numbers[rows])
        lengths.append(segment.lengths[rows])
    order = np.argsort(np.concatenate(lengths), kind="stable")
    held = _held(connection, np.concatenate(numbers)[order[:MOST]], phrases)
    if not held.size:
        return None
    flags = [np.isin(segment.numbers, held) for segment in tenant.segments]
    return tuple(Admitted(each, int(np.count_nonzero(each))) for each in flags)


def _keys(phrase: str, language: str) -> Keys:
    hashes = {hash_of(term) for term in analyse(phrase, language)}
    return np.array(sorted(hashes), np.uint64) ^ language_salt(language)


def _with_words(segment: Segment, flags: Flags | None, wanted: Sequence[Sequence[Keys]]) -> Rows:
    """Rows that have all words of all phrases, in one language or another."""
    found = [segment.postings.having_all(np.concatenate(phrases)) for phrases in wanted]
    rows = np.unique(np.concatenate([np.zeros(0, np.int32), *found]))
    flags = segment.living if flags is None else flags
    return rows if flags is None else rows[flags[rows]]


def _held(connection: sqlite3.Connection, numbers: Integers, phrases: Sequence[str]) -> Integers:
    rows = connection.execute(TEXTS, (json.dumps(numbers.tolist()),))
    held = [row["number"] for row in rows if all_held(phrases, (row["text"], row["header"]))]
    return np.array(held, np.int64)
