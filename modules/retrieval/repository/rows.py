"""Published chunks in memory, as columns: one row a chunk, embeddings as one matrix."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embeddings

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

GONE = 0  # the document of rows that are published no more; nobody may read it
ROWS_AT_FIRST = 1024


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The columns at one moment. Later moments share the buffers and write only beyond `size`."""

    size: int
    numbers: Integers  # of the chunk
    starts: Integers
    read_as: Integers  # number of the chunk that is read instead, or of itself
    documents: Integers  # index of the document, `GONE` for dead rows
    embeddings: Embeddings  # [capacity, dimension]

    @classmethod
    def empty(cls, dimension: int) -> "Rows":
        numbers, starts, read_as, documents = (np.zeros(ROWS_AT_FIRST, np.int64) for _ in range(4))
        embeddings = np.zeros((ROWS_AT_FIRST, dimension), np.float32)
        return cls(size=0, numbers=numbers, starts=starts, read_as=read_as, documents=documents, embeddings=embeddings)

    @cached_property
    def by_number(self) -> Integers:
        return np.argsort(self.numbers[: self.size], kind="stable")

    def positions(self, numbers: Integers) -> Integers:
        """Rows of chunks, all of which must be there."""
        return self.by_number[np.searchsorted(self.numbers[: self.size], numbers, sorter=self.by_number)]

    def without(self, documents: Integers) -> "Rows":
        """Rows of `documents` marked dead, or left out once the dead are more than the living."""
        kept = np.where(np.isin(self.documents[: self.size], documents), GONE, self.documents[: self.size])
        living = np.flatnonzero(kept != GONE)
        if 2 * len(living) < self.size > ROWS_AT_FIRST:
            return self._taken(living)
        marked = np.zeros_like(self.documents)
        marked[: self.size] = kept
        return replace(self, documents=marked)

    def forgetting(self, documents: Integers) -> "Rows":
        """Without the rows of `documents`, whose chunks may then be added anew."""
        dead = np.isin(self.documents[: self.size], documents)
        return self._taken(np.flatnonzero(~dead))

    def adding(
        self, numbers: Integers, starts: Integers, read_as: Integers, documents: Integers, embeddings: Embeddings
    ) -> "Rows":
        size = self.size + len(numbers)
        grown = self._room_for(size)
        added = slice(self.size, size)
        grown.numbers[added], grown.starts[added] = numbers, starts
        grown.read_as[added], grown.documents[added] = read_as, documents
        grown.embeddings[added] = embeddings
        return replace(grown, size=size)

    def _taken(self, rows: Integers) -> "Rows":
        return Rows(
            size=len(rows),
            numbers=self.numbers[rows],
            starts=self.starts[rows],
            read_as=self.read_as[rows],
            documents=self.documents[rows],
            embeddings=self.embeddings[rows],
        )

    def _room_for(self, size: int) -> "Rows":
        capacity = len(self.numbers)
        if size <= capacity:
            return self
        extra = max(size, 2 * capacity) - capacity
        return replace(
            self,
            numbers=_extended(self.numbers, extra),
            starts=_extended(self.starts, extra),
            read_as=_extended(self.read_as, extra),
            documents=_extended(self.documents, extra),
            embeddings=np.concatenate([self.embeddings, np.zeros((extra, self.embeddings.shape[1]), np.float32)]),
        )


def _extended(column: Integers, extra: int) -> Integers:
    return np.concatenate([column, np.zeros(extra, column.dtype)])
