"""How sure an answer of the best sentences would be right, from a few signs of their ranking."""

import asyncio
import math
from collections.abc import Sequence

import msgspec

from footnote.modules.generation.chatting import numbered
from footnote.modules.retrieval import ContextBuilder, Packing, Passage
from footnote.platform.inference.extractive import SentenceRanker, Signals, signals

# Logistic regression by scripts/fit_confidence.py; README.md says on what, and what it is worth elsewhere.
BIAS = -4.660
WEIGHTS = Signals(
    likeness=3.985,
    least=0.217,
    top_share=2.798,
    lead=1.787,
    missing_names=-0.518,
    missing_numbers=-1.059,
    unheard_names=-0.359,
    is_negated=-1.135,  # half of what was fitted: the trick questions of SQuAD 2.0 negate far more than people do
)


class EvidenceJudge:
    """Implements `Judge`. No passages: no confidence."""

    def __init__(self, ranker: SentenceRanker, packing: Packing | None = None) -> None:
        """`packing` is that of the model which quotes, so that it quotes from what was judged."""
        self._ranker = ranker
        self._builder = ContextBuilder(packing) if packing else None

    async def confidence(self, question: str, passages: Sequence[Passage]) -> float:
        if self._builder:
            passages = (await asyncio.to_thread(self._builder.build, question, passages)).passages
        found = signals(await self._ranker.rank(question, numbered(passages)))
        return probability(found) if found else 0.0


def probability(signs: Signals) -> float:
    """In [0, 1]."""
    pairs = zip(msgspec.structs.astuple(WEIGHTS), msgspec.structs.astuple(signs), strict=True)
    return 1 / (1 + math.exp(-BIAS - sum(weight * sign for weight, sign in pairs)))
