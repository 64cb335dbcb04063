"""What to ask the index for one question, and how that was understood."""

from typing import Any, Literal

import msgspec

from footnote.modules.retrieval.models import Mode, Note

QueryKind = Literal[
    "original", "exact", "filtered", "scoped", "expanded", "corrected", "part", "step_back", "wording", "hypothetical"
]


class PlannedQuery(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    kind: QueryKind = "original"
    weight: float = 1.0  # of its scores beside those of the other queries
    mode: Mode = "hybrid"  # a hypothetical document is only compared by meaning, and embedded as a document
    filters: dict[str, Any] | None = None  # on top of those that the question came with
    codes: tuple[str, ...] = ()  # only what has each of them counts
    note: Note | None = None  # where it finds anything


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    queries: tuple[PlannedQuery, ...]  # the question as it was asked comes first
    wanted: int = 0  # passages that each query should bring at least, however few are asked for
    wanted_of_long: int = 0  # the same, where they are parts of long documents
    preferred: frozenset[str] = frozenset()  # ids of the documents that the question is about
    subjects: tuple[str, ...] = ()  # what a question compares, at least two of them
    notes: tuple[Note, ...] = ()
    missed: tuple[str, ...] = ()  # in words, what a model did not write in time
    round: int = 1  # 2: after the first
