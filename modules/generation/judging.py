"""Decides before drafting whether the passages hold an answer at all."""

from collections.abc import Sequence
from typing import Protocol

from footnote.modules.retrieval import Passage


class Judge(Protocol):
    async def confidence(self, question: str, passages: Sequence[Passage]) -> float:
        """Probability in [0, 1] that the best an answer can take from `passages`, in ranked order, is right.

        Raises:
            Unavailable: A model that it uses cannot be reached or loaded.
        """
        ...
