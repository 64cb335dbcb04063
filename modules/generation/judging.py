"""Decides before drafting whether the passages hold an answer at all."""

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from footnote.modules.retrieval import Passage

Evidence = Literal["enough", "partly", "none"]


class Judge(Protocol):
    async def confidence(self, question: str, passages: Sequence[Passage]) -> float:
        """Probability in [0, 1] that the best an answer can take from `passages`, in ranked order, is right.

        Raises:
            Unavailable: A model that it uses cannot be reached or loaded.
        """
        ...


class Bars(msgspec.Struct, frozen=True, kw_only=True):
    """Probabilities: under `none` there is no answer, under `enough` it is worth asking the index once more."""

    none: float
    enough: float

    def evidence(self, probability: float, passages: Sequence[Passage]) -> Evidence:
        if not passages or probability < self.none:
            return "none"
        return "enough" if probability >= self.enough else "partly"
