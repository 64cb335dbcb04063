"""Lets chunks rise in which the words of the question are met one by one."""

from dataclasses import dataclass

import numpy as np

from footnote.modules.retrieval.ranking.candidates import ScoreArray
from footnote.modules.retrieval.ranking.deviations import raised
from footnote.modules.retrieval.ranking.late import relevance
from footnote.modules.retrieval.repository import Stored
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
    depth: int = 50  # hits that are looked at; the others stay below them

    def __call__(self, hits: Hits, scores: ScoreArray, stored: Stored | None) -> ScoreArray:
        head = scores[: self.depth]
        if stored is None or stored.tokens is None or len(head) < 2:
            return scores
        found = relevance(self.question, stored.tokens(hits.keys[: self.depth].tolist()))
        return np.concatenate([raised(head, found.astype(np.float64), self.weight), scores[self.depth :]])
