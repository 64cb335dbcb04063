"""Leaves out passages that say what a better one says."""

from collections.abc import Sequence

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
    kept: list[tuple[Passage, Shingles, frozenset[str]]] = []
    out: list[LeftOut] = []
    for passage in passages:
        pieces, figures = shingles(passage.text), numbers(passage.text)
        same = (
            other
            for other, theirs, own in kept
            if own == figures and resemblance(pieces, theirs) >= least and not (joins and _overlap(passage, other))
        )
        if (original := next(same, None)) is not None:
            out.append(left_out(passage, "near_duplicate", original))
        else:
            kept.append((passage, pieces, figures))
    return [passage for passage, _, _ in kept], out


def _overlap(one: Passage, other: Passage) -> bool:
    of_one_text = (one.document_id, one.version) == (other.document_id, other.version)
    return of_one_text and one.start < other.end and other.start < one.end
