"""How sure an answer of the best sentences would be right, from a few signs of their ranking."""

import math
from collections.abc import Sequence

import msgspec

from footnote.modules.generation.chatting import numbered
from footnote.modules.retrieval import Passage
from footnote.platform.inference.extractive import SentenceRanker, Signals, signals

# Logistic regression by scripts/fit_confidence.py; README.md says on what, and what it is worth elsewhere.
BIAS = -5.291
WEIGHTS = Signals(
    score=0.056,
    cosine=2.969,
    margin=0.081,
    top_share=2.271,
    coverage=-0.275,
    coverage_with_before=0.739,
    missing_here=0.187,
    missing_anywhere=-0.157,
    is_negated=-2.673,
)


class EvidenceJudge:
    """Implements `Judge`. No passages: no confidence."""

    def __init__(self, ranker: SentenceRanker) -> None:
        self._ranker = ranker

    async def confidence(self, question: str, passages: Sequence[Passage]) -> float:
        found = signals(await self._ranker.rank(question, numbered(passages)))
        return probability(found) if found else 0.0


def probability(signs: Signals) -> float:
    """In [0, 1]."""
    pairs = zip(msgspec.structs.astuple(WEIGHTS), msgspec.structs.astuple(signs), strict=True)
    return 1 / (1 + math.exp(-BIAS - sum(weight * sign for weight, sign in pairs)))
