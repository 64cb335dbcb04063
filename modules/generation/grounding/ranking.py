"""Which passages a sentence may rest on, by the words that they share."""

from collections.abc import Sequence

from footnote.modules.generation.grounding.tokens import tokens
from footnote.modules.generation.grounding.windows import pieces, worth
from footnote.modules.retrieval import Passage

LEAST = 0.5  # share of the sentence's content that a passage must have


def likeliest(sentence: str, passages: Sequence[Passage], most: int) -> list[Passage]:
    """Those that have most of it, best first; the earlier of two that have the same."""
    weights = {token.key: worth(token) for token in tokens(sentence) if token.kind != "function"}
    total = sum(weights.values())
    if not total:
        return []
    shares = [
        sum(weights[key] for key in weights.keys() & frozenset().union(*(p.keys for p in pieces([passage.text]))))
        for passage in passages
    ]
    ranked = sorted(range(len(passages)), key=lambda row: -shares[row])
    return [passages[row] for row in ranked[:most] if shares[row] >= LEAST * total]
