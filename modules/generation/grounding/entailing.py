"""The verifier that asks an entailment model, and lets the rules for facts say no all the same."""

from collections.abc import Sequence
from typing import Protocol

from footnote.modules.generation.grounding import Claim, Support
from footnote.modules.generation.grounding.features import Reading
from footnote.modules.generation.grounding.local import LocalVerifier, disagreement
from footnote.modules.generation.grounding.windows import Piece, pieces

THRESHOLD = 0.5
AROUND = 1  # sentences to each side of those that a claim rests on, which say who `he` is


class Entailment(Protocol):
    async def entails(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each pair (premise, hypothesis) the probability in [0, 1] that the one says the other.

        Raises:
            Unavailable: The model cannot be loaded.
        """
        ...


class EntailmentVerifier:
    """Implements `Verifier`."""

    def __init__(self, model: Entailment, rules: LocalVerifier, *, threshold: float = THRESHOLD) -> None:
        self._model = model
        self._rules = rules
        self._threshold = threshold

    async def judge(self, claims: Sequence[Claim]) -> list[Support]:
        readings = await self._rules.readings(claims)
        reasons = [disagreement(reading) for reading in readings]
        open_ = [(row, reading) for row, reading in enumerate(readings) if reading and not reasons[row]]
        chances = await self._model.entails(
            [(_premise(claims[row], reading), claims[row].text) for row, reading in open_]
        )
        found = [Support(probability=0.0, is_supported=False, reason=reason) for reason in reasons]
        for (row, _), chance in zip(open_, chances, strict=True):
            is_supported = chance >= self._threshold
            reason = "" if is_supported else "not entailed"
            found[row] = Support(probability=round(chance, 4), is_supported=is_supported, reason=reason)
        return found

    def forget(self) -> None:
        self._rules.forget()


def _premise(claim: Claim, reading: Reading) -> str:
    """The sentences that the claim rests on and those beside them, in their order."""
    chosen = reading.window.pieces
    every = pieces([evidence.text for evidence in claim.evidence])
    near = [piece for piece in every if any(_is_near(piece, other) for other in chosen)]
    return " ".join(claim.evidence[piece.passage].text[piece.start : piece.end] for piece in near)


def _is_near(piece: Piece, other: Piece) -> bool:
    return piece.passage == other.passage and abs(piece.number - other.number) <= AROUND
