"""A part of a tenant's chunks as columns that never change, one row a chunk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository.memory.dense import Vectors
from footnote.modules.retrieval.repository.memory.files import FloatFile, unmapped
from footnote.modules.retrieval.repository.memory.sparse import (
    Bytes,
    Flags,
    Floats,
    Integers,
    Postings,
    Rows,
    merged,
)
from footnote.platform.inference import Embeddings

Stored = Callable[[Integers], Embeddings]  # chunk numbers -> float32 [numbers, dimension], as the database has them

FEW = 1 << 14  # rows whose embeddings are kept whole as well
GONE = 0  # the document of rows that are published no more; nobody may read it
LANGUAGES = 256  # that have a code


@dataclass(frozen=True, kw_only=True, eq=False)
class Segment:
    numbers: Integers  # of the chunk
    starts: Integers
    read_as: Integers  # number of the chunk that is read instead, or of itself
    documents: Rows  # codes of the tenant's documents, `GONE` for dead rows
    languages: Bytes  # codes
    lengths: Floats  # in terms, header included
    postings: Postings
    vectors: Vectors
    floats: Floats | FloatFile | None  # the embeddings as stored, if they are few or in a file; else in the database
    file: str = ""  # its name in snapshots

    @property
    def size(self) -> int:
        return len(self.numbers)

    @property
    def described(self) -> tuple[NDArray[np.signedinteger], ...]:
        """What a hit says of each row: number, read as, document, start."""
        return self.numbers, self.read_as, self.documents, self.starts

    @property
    def is_small(self) -> bool:
        """Small enough to hold its embeddings in memory."""
        return isinstance(self.floats, np.ndarray) and self.size <= FEW

    @cached_property
    def living(self) -> Flags | None:
        """Rows that are not dead; None: all."""
        living = self.documents != GONE
        return None if living.all() else living

    @cached_property
    def dead(self) -> int:
        return 0 if self.living is None else self.size - int(np.count_nonzero(self.living))

    @cached_property
    def counts(self) -> Integers:
        """Living rows of each language."""
        languages = self.languages if self.living is None else self.languages[self.living]
        return np.bincount(languages, minlength=LANGUAGES)

    @cached_property
    def words(self) -> np.ndarray:
        """Sum of the lengths of living rows, of each language; float64 [LANGUAGES]."""
        lengths = self.lengths if self.living is None else np.where(self.living, self.lengths, 0)
        return np.bincount(self.languages, weights=lengths, minlength=LANGUAGES)

    @property
    def is_ready(self) -> bool:
        """Whether all is in memory that makes searches quick."""
        return self.vectors.is_packed

    def make_ready(self) -> None:
        self.vectors.pack()
        unmapped(self.vectors.codes)
        if isinstance(self.floats, FloatFile):
            self.floats.warm()

    def embeddings(self, rows: Integers, stored: Stored) -> Embeddings:
        """Of some rows, exactly."""
        found: Embeddings = stored(self.numbers[rows]) if self.floats is None else self.floats[rows]
        return found

    def without(self, gone: Flags) -> "Segment":
        """With the rows dead whose documents are `gone`, a flag for each code."""
        dying = gone[self.documents]
        if not dying.any():
            return self
        return replace(self, documents=np.where(dying, np.int32(GONE), self.documents))

    def buried(self, since: "Segment") -> Flags:
        """Rows that were living in `since`, the same segment earlier, and are no more."""
        buried: Flags = (self.documents == GONE) & (since.documents != GONE)
        return buried


def one_of(parts: Sequence[Segment]) -> Segment:
    """One segment with the living rows of several, in their order."""
    kept = [np.arange(part.size) if part.living is None else np.flatnonzero(part.living) for part in parts]
    return Segment(
        numbers=_joined([part.numbers for part in parts], kept),
        starts=_joined([part.starts for part in parts], kept),
        read_as=_joined([part.read_as for part in parts], kept),
        documents=_joined([part.documents for part in parts], kept),
        languages=_joined([part.languages for part in parts], kept),
        lengths=_joined([part.lengths for part in parts], kept),
        postings=merged([(part.postings, new) for part, new in zip(parts, new_rows(parts), strict=True)]),
        vectors=Vectors.joined([_vectors(part, rows) for part, rows in zip(parts, kept, strict=True)]),
        floats=_floats(parts, kept),
    )


def new_rows(parts: Sequence[Segment]) -> list[Rows]:
    """For each part the row of each of its rows in `one_of` them, -1 for the dead."""
    before, found = 0, []
    for part in parts:
        rows = np.arange(before, before + part.size, dtype=np.int32)
        if part.living is not None:
            rows = np.where(part.living, np.cumsum(part.living, dtype=np.int32) - 1 + before, -1).astype(np.int32)
        found.append(rows)
        before += part.size - part.dead
    return found


def _vectors(part: Segment, kept: Integers) -> Vectors:
    return part.vectors if part.living is None else part.vectors.taken(kept)


def _floats(parts: Sequence[Segment], kept: Sequence[Integers]) -> Floats | None:
    columns = [part.floats for part in parts if isinstance(part.floats, np.ndarray)]
    few = len(columns) == len(parts) and sum(map(len, kept)) <= FEW
    return _joined(columns, kept) if few else None


def _joined(columns: Sequence[np.ndarray], kept: Sequence[Integers]) -> np.ndarray:
    return np.concatenate([column[rows] for column, rows in zip(columns, kept, strict=True)])
