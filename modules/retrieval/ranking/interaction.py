"""Lets chunks rise in which the words of the question are met one by one."""

from dataclasses import dataclass

import numpy as np

from footnote.modules.retrieval.ranking.candidates import Looked, ScoreArray
from footnote.modules.retrieval.ranking.deviations import raised
from footnote.modules.retrieval.ranking.late import relevance
from footnote.modules.retrieval.repository.hits import Hits
from footnote.platform.inference import Embeddings


@dataclass(frozen=True, kw_only=True)
class LateInteraction:
    """Adds to the score of each of the first hits how well it meets the tokens of one question.

    A step of ranking. Both scores count in standard deviations over those hits; one without token embeddings counts as
    an average one.
    """

    question: Embeddings  # [tokens, dimension]
    weight: float = 0.6
    depth: int = 50  # hits that are looked at

    def __call__(self, hits: Hits, scores: ScoreArray, looked: Looked) -> ScoreArray:
        if looked.tokens is None or len(scores) < 2:
            return scores
        found = relevance(self.question, looked.tokens(hits.keys.tolist()))
        return raised(scores, found.astype(np.float64), self.weight)
