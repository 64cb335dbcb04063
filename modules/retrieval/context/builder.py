"""Packs passages for a model."""

from collections.abc import Sequence

import msgspec

from footnote.modules.retrieval.context.choosing import chosen
from footnote.modules.retrieval.context.duplicates import without_duplicates
from footnote.modules.retrieval.context.joining import Count, joined
from footnote.modules.retrieval.context.models import Context, LeftOut, Packing
from footnote.modules.retrieval.context.tokens import estimated_tokens
from footnote.modules.retrieval.models import Passage
from footnote.modules.retrieval.planning.comparison import compared


class ContextBuilder:
    def __init__(self, packing: Packing | None = None, *, count: Count = estimated_tokens) -> None:
        """`count` gives the tokens that a text has for the model."""
        self._packing = packing or Packing()
        self._count = count

    def build(self, question: str, passages: Sequence[Passage]) -> Context:
        """What to offer of `passages`, which are in ranked order; CPU work of a few milliseconds.

        The passages stay in ranked order. Each is still what stands in its document from `start` to `end`.
        """
        packing = self._packing
        kept, out = list(passages), list[LeftOut]()
        if packing.near_duplicate is not None:
            kept, gone = without_duplicates(kept, packing.near_duplicate, joins=packing.joins)
            out += gone
        if packing.joins:
            kept, gone = joined(kept, count=self._count, longest=packing.longest)
            out += gone
        tokens = sum(self._count(passage.text) for passage in kept)
        if packing.budget is not None and tokens > packing.budget:
            kept, gone = chosen(
                kept,
                subjects=compared(question),
                budget=packing.budget,
                diversity=packing.diversity,
                count=self._count,
            )
            out += gone
            tokens = sum(self._count(passage.text) for passage in kept)
        return Context(
            passages=tuple(kept),
            order=ends_first(len(kept)) if packing.best_at_ends else tuple(range(len(kept))),
            left_out=_settled(out),
            tokens=tokens,
        )


def _settled(out: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
    """What stands for a passage may itself have gone into another one."""
    kept = {each.passage_id: each.kept for each in out if each.kept}

    def end(name: str | None) -> str | None:
        while name in kept:
            name = kept[name]
        return name

    return tuple(msgspec.structs.replace(each, kept=end(each.kept)) for each in out)


def ends_first(size: int) -> tuple[int, ...]:
    """Ranks from 0 in the order of a prompt: the best first, the second last, the third second, and so on.

    Source: Liu et al., Lost in the Middle, 2023.
    """
    ranks = range(size)
    return (*ranks[::2], *reversed(ranks[1::2]))
