"""What a stage has found, as columns: a search has hundreds of hits and shows ten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository.document_ids import DocumentIds

Keys = NDArray[np.int64] | NDArray[np.str_]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A chunk in the list of one stage."""

    key: int | str  # the adapter's own name of the chunk
    read_as: int | str  # its parent's key, or its own where it has none: chunks that share it give one passage
    document_id: str
    start: int
    score: float  # cosine in [-1, 1], or BM25 of at least 0; six decimals, so that equal chunks tie


@dataclass(frozen=True, eq=False)
class Hits:
    """Many of them, a column for each field of `Hit`."""

    keys: Keys
    read_as: Keys
    documents: Integers  # numbers, the same in all lists of one search
    starts: Integers
    scores: Floats
    ids: DocumentIds  # by those numbers

    @classmethod
    def of(cls, *lists: Sequence[Hit]) -> "list[Hits]":
        """The lists of one search."""
        numbers: dict[str, int] = {}
        documents = [[numbers.setdefault(hit.document_id, len(numbers)) for hit in hits] for hits in lists]
        ids = DocumentIds(numbers)
        return [
            cls(
                keys=_keys([hit.key for hit in hits]),
                read_as=_keys([hit.read_as for hit in hits]),
                documents=np.array(its_documents, np.int64),
                starts=np.array([hit.start for hit in hits], np.int64),
                scores=np.array([hit.score for hit in hits], np.float64),
                ids=ids,
            )
            for hits, its_documents in zip(lists, documents, strict=True)
        ]

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Hit]:
        ids = map(self.ids.__getitem__, self.documents.tolist())
        return map(Hit, self.keys.tolist(), self.read_as.tolist(), ids, self.starts.tolist(), self.scores.tolist())

    def taken(self, places: Integers | slice) -> "Hits":
        return Hits(
            self.keys[places],
            self.read_as[places],
            self.documents[places],
            self.starts[places],
            self.scores[places],
            self.ids,
        )

    def beside(self, others: "Hits") -> "Hits":
        """These and then the others, of the same search."""
        return Hits(
            np.concatenate([self.keys, others.keys]),
            np.concatenate([self.read_as, others.read_as]),
            np.concatenate([self.documents, others.documents]),
            np.concatenate([self.starts, others.starts]),
            np.concatenate([self.scores, others.scores]),
            self.ids if len(self) else others.ids,
        )


def _keys(keys: Sequence[int | str]) -> Keys:
    return np.array(keys) if keys else np.zeros(0, np.int64)


NO_HITS = Hits.of([])[0]
