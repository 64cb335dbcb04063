"""What context building takes and gives."""

from typing import Literal

import msgspec

from footnote.modules.retrieval.models import Passage

Reason = Literal["near_duplicate", "contained", "joined", "budget"]


class Packing(msgspec.Struct, frozen=True, kw_only=True):
    """How passages are packed for one model."""

    near_duplicate: float | None = 0.8  # share of common shingles from which a passage says nothing new; None: keep all
    joins: bool = True  # passages of one document that overlap or touch become one
    longest: int = 1200  # tokens of a joined passage
    diversity: float = 0.3  # weight of being unlike what is chosen already, in [0, 1]; only a budget makes a choice
    budget: int | None = None  # tokens of all passages together; None: as many as were found
    best_at_ends: bool = True  # of the prompt, since models overlook what stands in the middle


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that was found and is not offered by itself."""

    passage_id: str
    document_id: str
    version: int
    start: int  # code points of the document version
    end: int
    reason: Reason
    kept: str | None = None  # id of the passage that says the same, or that it is a part of now


class Context(msgspec.Struct, frozen=True, kw_only=True):
    passages: tuple[Passage, ...]  # in ranked order
    order: tuple[int, ...]  # indexes of `passages` as they should stand in a prompt
    left_out: tuple[LeftOut, ...]
    tokens: int  # of all passages


def left_out(passage: Passage, reason: Reason, kept: Passage | None = None) -> LeftOut:
    return LeftOut(
        passage_id=passage.id,
        document_id=passage.document_id,
        version=passage.version,
        start=passage.start,
        end=passage.end,
        reason=reason,
        kept=kept.id if kept else None,
    )
