"""How the tokens of a question meet those of a sentence."""

import re
from typing import NamedTuple

import numpy as np

from footnote.platform.inference import Embeddings

ASKING = re.compile(r"who|whom|whose|what|when|where|which|how|why|many|much", re.I)
BEST = 3  # tokens of a sentence that are most like what is asked for


class Meeting(NamedTuple):
    """Each in [-1, 1]."""

    likeness: float  # of the means of both
    least: float  # of the best matches of the question's tokens
    kind: float  # of the sentence's best tokens to the words that ask: `who` is near to names

    def or_better(self, other: "Meeting") -> "Meeting":
        return Meeting(*(max(pair) for pair in zip(self, other, strict=True)))


NONE = Meeting(0.0, 0.0, 0.0)


def meeting(question: Embeddings, asking: np.ndarray, sentence: Embeddings) -> Meeting:
    """`question` and `sentence` are [tokens, dimension] of unit length; `asking` [tokens] marks the words that ask."""
    if not len(question) or not len(sentence):
        return NONE
    cosines = question @ sentence.T
    kind = np.sort(cosines[asking].mean(axis=0))[-BEST:].mean() if asking.any() else 0.0
    return Meeting(_cosine(question.mean(axis=0), sentence.mean(axis=0)), float(cosines.max(axis=1).min()), float(kind))


def _cosine(one: Embeddings, other: Embeddings) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 0.0
