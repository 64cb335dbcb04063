"""Embeddings as int8, from which questions take the nearest; what they show is computed from the whole floats."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository.cosine import Cosines, cosines
from footnote.modules.retrieval.repository.memory.approximate import InvertedLists
from footnote.modules.retrieval.repository.memory.choosing import Candidates, Choice, best, both, lowest
from footnote.modules.retrieval.repository.memory.joint import JointScan, scanned
from footnote.platform.inference import Embeddings

Codes = NDArray[np.int8]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Stored = Callable[[Integers], Embeddings]

SCANNED = 600_000_000  # codes of one tenant: what one core scans in about 50 ms; beyond, large parts get inverted lists
LISTED = 1 << 16  # rows of a part: fewer are scanned in any case
GREATEST = 127  # of a code
GATHERED = 6  # fewer than one row in so many: they are picked out, which costs more a row than a scan of all
DEVIATIONS = 4  # of the error of a code, by which a row may be better than it seems


class Question(NamedTuple):
    """A query's embedding, whole and as int8."""

    embedding: Embeddings  # float32 [dimension], of unit length
    codes: Codes  # [1, dimension]
    scale: float

    @classmethod
    def of(cls, embedding: Embeddings) -> "Question":
        codes, scales = quantised(embedding[None])
        return cls(embedding, codes, float(scales[0]))


class Nearest(NamedTuple):
    """What was found in one part, in no order."""

    rows: Integers
    scores: Cosines


@dataclass(frozen=True, eq=False)
class Vectors:
    """Embeddings that never change, one row each; those that are zero are compared with nothing."""

    codes: Codes  # [rows, dimension]
    scales: Floats  # [rows]: code times scale is about the embedding; 0 for a zero embedding
    lists: InvertedLists | None = None  # where a scan of all would not be quick

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def of(cls, embeddings: Embeddings) -> "Vectors":
        return cls(*quantised(embeddings))

    @classmethod
    def joined(cls, parts: Sequence["Vectors"]) -> "Vectors":
        """The rows of all parts, of which there is at least one, in order."""
        return cls(np.concatenate([part.codes for part in parts]), np.concatenate([part.scales for part in parts]))

    def taken(self, rows: Integers | Flags) -> "Vectors":
        return Vectors(self.codes[rows], self.scales[rows])

    @property
    def is_packed(self) -> bool:
        return self.lists is not None or self._joint.is_packed

    def pack(self) -> None:
        """Twice as quick from now on, for as much memory again."""
        self._joint.pack()

    def listed(self) -> "Vectors":
        """The same with inverted lists, which takes seconds for 100,000 rows."""
        return replace(self, lists=InvertedLists.of(self.floats, len(self)))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "Vectors":
        lists = InvertedLists.from_array(np.asarray(arrays["lists"], np.uint8)) if "lists" in arrays else None
        return cls(np.asarray(arrays["codes"], np.int8), np.asarray(arrays["scales"], np.float32), lists)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """To be saved; what is loaded again may be memory-mapped."""
        lists: dict[str, NDArray[np.generic]] = {} if self.lists is None else {"lists": self.lists.array()}
        return {"codes": self.codes, "scales": self.scales, **lists}

    def floats(self, rows: Integers) -> Embeddings:
        """About the embeddings: [len(rows), dimension]."""
        return self.codes[rows] * self.scales[rows, None]

    @cached_property
    def comparable(self) -> Flags:
        """Rows that are not zero."""
        comparable: Flags = self.scales > 0
        return comparable

    @cached_property
    def _not_all(self) -> Flags | None:
        """`comparable`, if some rows are not."""
        return None if self.comparable.all() else self.comparable

    @cached_property
    def rounding(self) -> float:
        """Standard deviation of the part of a code that was rounded away, of the coarser rows."""
        return float(np.quantile(self.scales, 0.95)) / 12**0.5 if len(self) else 0.0

    def scores(self, question: Question) -> Floats:
        """About the cosine of all rows: [rows]; 0 for zero rows."""
        return self._joint.scores(question.codes) * np.float32(question.scale)

    def candidates(self, question: Question, admitted: Flags | None, count: int) -> Candidates:
        """Those rows of which the best `count` of the admitted and comparable are, by whole floats, almost surely some.

        So they are more than `count`, by those that lie within the error of the codes. Scores are near the cosines.
        """
        rows = self._picked(question, both(admitted, self._not_all), count)
        if rows is None:
            chosen, scores = self._joint.taken(question.codes, self._choice(question, admitted, count))
            return Candidates(chosen, scores * np.float32(question.scale))
        scores = scanned(self.codes[rows], question.codes) * self.scales[rows] * np.float32(question.scale)
        chosen = best(scores, count, self.margin(question))
        return Candidates(rows[chosen], scores[chosen])

    def _choice(self, question: Question, admitted: Flags | None, count: int) -> Choice:
        margin = self.margin(question) / question.scale if question.scale else 0.0
        return Choice(admitted, self._not_all, count, margin)

    def _picked(self, question: Question, flags: Flags | None, count: int) -> Integers | None:
        """The rows that are compared one by one; None: all are scanned, admitted or not."""
        admitted = len(self) if flags is None else int(np.count_nonzero(flags))
        if flags is not None and GATHERED * admitted < len(self):
            return np.flatnonzero(flags)
        near = None if self.lists is None else self.lists.nearest(question.embedding, flags, count)
        # Too few, where those that are admitted lie apart from the question: then all are compared.
        return near if near is not None and len(near) >= min(count, admitted) else None

    @cached_property
    def _joint(self) -> JointScan:
        return JointScan(self.codes, self.scales)

    def expect(self, question: Question, admitted: Flags | None, rows: int, count: int) -> None:
        """Soon its `candidates` are asked for; `rows` are admitted."""
        if self.lists is None and GATHERED * rows >= len(self):
            self._joint.expect(question.codes, self._choice(question, admitted, count))

    def forget(self, question: Question) -> None:
        self._joint.forget(question.codes)

    def margin(self, question: Question) -> float:
        """By how much the scores of two rows may differ that are equal."""
        return 2 * DEVIATIONS * math.hypot(self.rounding, question.scale / 12**0.5)

    def best(self, embedding: Embeddings, depth: int, stored: Stored, admitted: Flags | None = None) -> "Nearest":
        """`nearest` in this part alone."""
        return nearest([Part(self, admitted, stored)], Question.of(embedding), depth)[0]


class Part(NamedTuple):
    """Where to look: vectors, which of them count (None: all), and what gives the floats of some rows."""

    vectors: Vectors
    admitted: Flags | None
    stored: Stored


def unlisted(parts: Sequence[Vectors]) -> list[int]:
    """Which of one tenant's parts should have inverted lists and have none."""
    if sum(part.codes.size for part in parts) <= SCANNED:
        return []
    return [place for place, part in enumerate(parts) if part.lists is None and len(part) >= LISTED]


def nearest(parts: Sequence[Part], question: Question, depth: int) -> list[Nearest]:
    """The `depth` rows of greatest cosine in all parts together, for each part its own; more where equals stand last.

    Scores are those of `cosines`, from the stored floats.
    """
    found = [part.vectors.candidates(question, part.admitted, depth) for part in parts]
    margin = max((part.vectors.margin(question) for part in parts), default=0.0)
    threshold = lowest([each.scores for each in found], depth) - margin
    kept = [each.rows[each.scores >= threshold] for each in found]
    exact = [cosines(question.embedding, part.stored(rows)) for part, rows in zip(parts, kept, strict=True)]
    last = lowest(exact, depth)
    return [Nearest(rows[scores >= last], scores[scores >= last]) for rows, scores in zip(kept, exact, strict=True)]


def quantised(embeddings: Embeddings) -> tuple[Codes, Floats]:
    """Codes in [-127, 127], and for each row what they are to be multiplied with."""
    scales = (np.abs(embeddings).max(axis=1, initial=0) / GREATEST).astype(np.float32)
    divisors = np.where(scales > 0, scales, np.float32(1))
    return np.rint(embeddings / divisors[:, None]).astype(np.int8), scales
