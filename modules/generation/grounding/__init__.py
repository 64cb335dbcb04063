"""Whether passages say what a sentence says."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

__all__ = ["Claim", "Evidence", "Support", "Verifier"]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that a sentence may rest on; `title` is its document's, with the headings that it stands under."""

    text: str
    title: str = ""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence, and the passages that are to support it together; `question` is what it answers, if anything."""

    text: str
    evidence: tuple[Evidence, ...]
    question: str = ""


class Support(msgspec.Struct, frozen=True, kw_only=True):
    """How far the evidence says what the claim says."""

    probability: float  # in [0, 1], that it does
    is_supported: bool
    reason: str = ""  # why not, in a word or a few; never the claim itself


class Verifier(Protocol):
    async def judge(self, claims: Sequence[Claim]) -> list[Support]:
        """In the order of `claims`; without evidence nothing is supported.

        Raises:
            Unavailable: A model that this cannot do without cannot be reached or loaded.
        """
        ...

    def forget(self) -> None:
        """Nothing of any evidence stays in memory."""
        ...
