"""What the stages have found, as columns: a search has hundreds of hits and shows ten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository.document_ids import DocumentIds

Keys = NDArray[np.int64] | NDArray[np.str_]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A chunk in the list of one stage."""

    key: int | str  # the adapter's own name of the chunk
    read_as: int | str  # its parent's key, or its own where it has none: chunks that share it give one passage
    document_id: str
    start: int
    score: float  # cosine in [-1, 1], or BM25 of at least 0; six decimals, so that equal chunks tie


@dataclass(frozen=True, eq=False)
class Hits:
    """Many chunks, a column for each field of `Hit` but the score."""

    keys: Keys
    read_as: Keys
    documents: Integers  # numbers
    starts: Integers
    ids: DocumentIds  # by those numbers

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> "Hits":
        numbers: dict[str, int] = {}
        documents = [numbers.setdefault(hit.document_id, len(numbers)) for hit in hits]
        return cls(
            keys=_keys([hit.key for hit in hits]),
            read_as=_keys([hit.read_as for hit in hits]),
            documents=np.array(documents, np.int64),
            starts=np.array([hit.start for hit in hits], np.int64),
            ids=DocumentIds(numbers),
        )

    def __len__(self) -> int:
        return len(self.keys)

    def taken(self, places: Integers | slice) -> "Hits":
        return Hits(self.keys[places], self.read_as[places], self.documents[places], self.starts[places], self.ids)


@dataclass(frozen=True, eq=False)
class Listed:
    """What one stage says of each of some hits."""

    scores: Floats  # as those of `Hit`; 0 where it has not found one
    is_there: Flags

    @classmethod
    def none(cls, count: int) -> "Listed":
        """Of `count` hits, none of which it has found yet."""
        return cls(np.zeros(count), np.zeros(count, np.bool_))


@dataclass(frozen=True, eq=False)
class Both:
    """What the dense and the lexical stage have found, each hit once and in any order."""

    hits: Hits
    dense: Listed
    lexical: Listed

    @classmethod
    def of(cls, dense: Sequence[Hit], lexical: Sequence[Hit]) -> "Both":
        hits = {hit.key: hit for hit in (*dense, *lexical)}
        rows = {key: row for row, key in enumerate(hits)}
        return cls(Hits.of([*hits.values()]), _listed(dense, rows), _listed(lexical, rows))


def _keys(keys: Sequence[int | str]) -> Keys:
    return np.array(keys) if keys else np.zeros(0, np.int64)


def _listed(hits: Sequence[Hit], rows: Mapping[int | str, int]) -> Listed:
    listed = Listed.none(len(rows))
    places = [rows[hit.key] for hit in hits]
    listed.scores[places] = [hit.score for hit in hits]
    listed.is_there[places] = True
    return listed
