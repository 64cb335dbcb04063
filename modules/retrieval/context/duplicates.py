"""Leaves out passages that say what a better one says."""

from collections.abc import Sequence
from functools import cached_property

from footnote.modules.retrieval.context.likeness import Shingles, numbers, resemblance, shingles
from footnote.modules.retrieval.context.models import LeftOut, left_out
from footnote.modules.retrieval.models import Passage


def without_duplicates(
    passages: Sequence[Passage], least: float, *, joins: bool
) -> tuple[list[Passage], list[LeftOut]]:
    """The passages in their order without those that resemble an earlier one by at least `least`.

    Texts that differ in a number are never the same: reports of two quarters share all their words. Those that overlap
    in their document are left to be joined, if `joins`.
    """
    kept: list[_Seen] = []
    out: list[LeftOut] = []
    for passage in passages:
        one = _Seen(passage)
        same = (
            other.passage
            for other in kept
            if one.figures == other.figures
            and not (joins and _overlap(passage, other.passage))
            and resemblance(one.pieces, other.pieces) >= least
        )
        if (original := next(same, None)) is not None:
            out.append(left_out(passage, "near_duplicate", original))
        else:
            kept.append(one)
    return [seen.passage for seen in kept], out


class _Seen:
    """What takes long is found out when it is asked for: most passages differ in their numbers already."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.figures = numbers(passage.text)

    @cached_property
    def pieces(self) -> Shingles:
        return shingles(self.passage.text)


def _overlap(one: Passage, other: Passage) -> bool:
    of_one_text = (one.document_id, one.version) == (other.document_id, other.version)
    return of_one_text and one.start < other.end and other.start < one.end
