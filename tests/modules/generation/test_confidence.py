"""How sure an answer is."""

from typing import Any

import msgspec
import numpy as np

from footnote.modules.generation.confidence import EvidenceJudge, probability
from footnote.platform.inference import EmbeddedTokens
from footnote.platform.inference.extractive import SentenceRanker, Signals
from footnote.platform.inference.local import LocalTokenizer

SIGNS = Signals(
    likeness=0.6,
    least=0.2,
    top_share=0.7,
    lead=0.2,
    missing_names=0,
    missing_numbers=0,
    unheard_names=0,
    is_negated=0,
)


class SameEmbedder:
    """All texts mean the same."""

    name = "test:same"
    dimension = 2
    max_tokens = 256

    async def embed(self, texts: list[str], *, kind: str) -> Any:
        return np.tile(np.array([1, 0], np.float32), (len(texts), 1))

    async def embed_tokens(self, texts: list[str], *, kind: str) -> Any:
        return [EmbeddedTokens(row, row[None]) for row in await self.embed(texts, kind=kind)]


def with_signs(**changes: float) -> float:
    return probability(msgspec.structs.replace(SIGNS, **changes))


def test_better_evidence_is_surer() -> None:
    assert 0 < with_signs(likeness=0.1) < with_signs(likeness=0.9) < 1


def test_a_missing_name_or_number_and_a_negation_are_less_sure() -> None:
    assert max(with_signs(missing_names=1), with_signs(missing_numbers=1), with_signs(is_negated=1)) < with_signs()


async def test_without_passages_there_is_no_confidence() -> None:
    assert await EvidenceJudge(SentenceRanker(SameEmbedder(), LocalTokenizer())).confidence("Why?", []) == 0.0


def test_a_name_that_no_source_has_makes_less_sure() -> None:
    assert with_signs(unheard_names=1) < with_signs()
