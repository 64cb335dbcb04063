"""The two manners of drafting: quoting the passages, and writing from a prompt."""

from dataclasses import dataclass, field

from footnote.modules.generation import scoring
from footnote.modules.generation.judging import Bars, Judge
from footnote.modules.retrieval import Packing


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    name: scoring.Manner
    judge: Judge
    bars: Bars
    packing: Packing = field(default_factory=Packing)


QUOTED = Packing(joins=False, best_at_ends=False)  # for sentences, wherever they stand


def quoting(judge: Judge, *, abstain_below: float) -> Manner:
    """`judge` knows what the quoting model can find, so that too little for it is an abstention."""
    return Manner(name="quoted", judge=judge, bars=Bars(none=abstain_below, enough=abstain_below), packing=QUOTED)


def writing(judge: Judge, *, ask_again_below: float = 0.25) -> Manner:
    """The model that writes abstains by itself: it reads what no judge here can, and in other languages.

    So only the lack of any passage is an abstention before it is asked.
    """
    return Manner(name="written", judge=judge, bars=Bars(none=0.0, enough=ask_again_below))
