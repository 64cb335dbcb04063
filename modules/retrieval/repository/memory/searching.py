"""What both stages find, at one moment of one tenant's index."""

from collections.abc import Iterator, Sequence
from copy import copy
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from footnote.modules.retrieval.repository.cosine import cosines
from footnote.modules.retrieval.repository.hits import Hits
from footnote.modules.retrieval.repository.memory.choosing import best, both
from footnote.modules.retrieval.repository.memory.dense import Part, Question, nearest
from footnote.modules.retrieval.repository.memory.segments import Segment, Stored
from footnote.modules.retrieval.repository.memory.sparse import Flags, Floats, Integers, Keys, Lists
from footnote.modules.retrieval.repository.memory.tenants import Admitted, Tenant
from footnote.platform.inference import Embeddings

DECIMALS = 6
STEP = 10.0**-DECIMALS


class Found(NamedTuple):
    """Rows of a tenant, counted through all segments, with their scores, in any order."""

    rows: Integers
    scores: np.ndarray  # float64

    def head(self, depth: int) -> "Found":
        """The best `depth`, and all that equal the last of them to six decimals."""
        if len(self.rows) <= depth:
            return self
        last = np.partition(self.scores, len(self.rows) - depth)[len(self.rows) - depth]
        return self.only(self.scores >= last - STEP)

    def only(self, chosen: np.ndarray) -> "Found":
        return Found(self.rows[chosen], self.scores[chosen])


NOTHING = Found(np.zeros(0, np.int64), np.zeros(0))


class Searched:
    """What may be found of one tenant."""

    def __init__(self, tenant: Tenant, admitted: Sequence[Admitted]) -> None:
        self.tenant = tenant
        self.admitted = admitted
        self._bounds = tenant.bounds

    @property
    def segments(self) -> Sequence[Segment]:
        return self.tenant.segments

    def only(self, admitted: Sequence[Admitted]) -> "Searched":
        """The same, but for what may be found."""
        other = copy(self)
        other.admitted = admitted
        return other

    def near(self, question: Question, depth: int, stored: Stored) -> Found:
        """The `depth` of greatest cosine, more where some are equal."""
        parts = [
            Part(segment.vectors, may.flags, partial(segment.embeddings, stored=stored))
            for segment, may in zip(self.segments, self.admitted, strict=True)
        ]
        found = zip(nearest(parts, question, depth), self._bounds.tolist(), strict=False)
        return _joined([NOTHING, *(Found(rows + first, scores) for (rows, scores), first in found)])

    def worded(self, scores: Sequence[Floats], depth: int) -> Found:
        """Of all rows' word scores, the best `depth`, more where some are equal."""
        found = [NOTHING]
        for each, first, may in zip(scores, self._bounds.tolist(), self.admitted, strict=False):
            if may.chunks:
                rows = best(each, depth, 2 * STEP, both(each > 0, may.flags))
                found.append(Found(rows + first, each[rows]))
        return _joined(found).head(depth)

    def cosines(self, rows: Integers, query: Embeddings, stored: Stored) -> Found:
        """Of those rows that have an embedding to compare."""
        places, scores = self.compared(rows, query, stored)
        return Found(rows[places], scores)

    def compared(self, rows: Integers, query: Embeddings, stored: Stored) -> tuple[Integers, np.ndarray]:
        """The places in `rows` of those that have an embedding to compare, and their cosines."""
        found = [(np.zeros(0, np.int64), np.zeros(0))]
        for segment, _, local, places in self._parted(rows):
            some = segment.vectors.comparable[local]
            if some.any():
                found.append((places[some], cosines(query, segment.embeddings(local[some], stored))))
        return np.concatenate([places for places, _ in found]), np.concatenate([scores for _, scores in found])

    def words_of(self, rows: Integers, scores: Sequence[Floats]) -> np.ndarray:
        """Their word scores, float64 [len(rows)]; 0 for those that have no word of the question."""
        found = np.zeros(len(rows))
        for (_, _, local, places), each in zip(self._parted(rows), scores, strict=True):
            found[places] = each[local]
        return found

    def hits(self, rows: Integers) -> Hits:
        columns = np.empty((4, len(rows)), np.int64)
        for segment, _, local, places in self._parted(rows):
            for column, values in zip(columns, segment.described, strict=True):
                column[places] = values.take(local)
        numbers, read_as, documents, starts = columns
        return Hits(numbers, read_as, documents, starts, self.tenant.documents.ids)

    def embeddings(self, rows: Integers, stored: Stored) -> Embeddings:
        """Float32 [len(rows), dimension]"""
        parts = [(places, segment.embeddings(local, stored)) for segment, _, local, places in self._parted(rows)]
        if len(parts) == 1:
            return parts[0][1]
        joined = np.concatenate([embeddings for places, embeddings in parts if places.size])
        return joined[np.argsort(np.concatenate([places for places, _ in parts]))]

    def lists(self, keys: Keys) -> list[Lists]:
        """Of each segment, for each key."""
        return [segment.postings.lists(keys) for segment in self.segments]

    def having(self, lists: Sequence[Lists]) -> list[int]:
        """How many of the chunks that may be found stand in each of some lists of all segments, at least one."""
        by_segment = [
            [segment.postings.having(place, segment.living if may.flags is None else may.flags) for place in its_lists]
            for segment, may, its_lists in zip(self.segments, self.admitted, lists, strict=True)
        ]
        return [sum(counts) for counts in zip(*by_segment, strict=True)]

    def _parted(self, rows: Integers) -> Iterator[tuple[Segment, int, Integers, Integers]]:
        """For each segment its first row, its own ones of `rows`, counted from there, and their places in `rows`."""
        if len(self.segments) == 1:
            yield self.segments[0], 0, rows, np.arange(len(rows))
            return
        for segment, (first, end) in zip(self.segments, pairwise(self._bounds.tolist()), strict=True):
            places = np.flatnonzero((rows >= first) & (rows < end))
            yield segment, first, rows[places] - first, places


def apart(first: Integers, second: Integers) -> Flags:
    """Which of `second` are not among `first`; neither has any row twice."""
    both = np.concatenate([first, second])
    order = np.argsort(both, kind="stable")
    ordered = both[order]
    others = np.ones(len(both), np.bool_)
    others[order[1:][ordered[1:] == ordered[:-1]]] = False
    return others[len(first) :]


def _joined(found: Sequence[Found]) -> Found:
    rows, scores = zip(*found, strict=True)
    return Found(np.concatenate(rows), np.concatenate(scores, dtype=np.float64))
