"""Decides what of a drafted sentence may be shown, and with which footnotes."""

from collections.abc import Sequence

import msgspec

from footnote.modules.generation.citing import Citer, Evidence, evidence_of
from footnote.modules.generation.drafting import Drafted
from footnote.modules.generation.models import Citation, Grounding, Verdict
from footnote.modules.generation.stages import Stages
from footnote.modules.generation.verification import Verifier
from footnote.modules.retrieval import Passage
from footnote.platform.principal import Principal


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What may be shown of a sentence; `text` is empty if it is withheld."""

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...] = ()


class SentenceChecker:
    def __init__(self, verifier: Verifier, citer: Citer) -> None:
        self._verifier = verifier
        self._citer = citer

    async def check(
        self,
        principal: Principal,
        sentence: Drafted,
        passages: Sequence[Passage],
        grounding: Grounding,
        stages: Stages,
    ) -> Checked:
        with stages.quiet("verify"):
            evidence = await self._support(sentence.text, evidence_of(sentence, passages))
        with stages.quiet("cite"):
            citations = await self._citer.cite(principal, evidence)
        return _judged(sentence, tuple(citations), grounding)

    async def _support(self, text: str, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The parts that support the text, each alone or else all together; none if it is not supported."""
        alone = [part for part in evidence if await self._verifier.is_supported(text, [part.text])]
        if alone or not await self._verifier.is_supported(text, [part.text for part in evidence]):
            return alone
        return list(evidence)


def _judged(sentence: Drafted, citations: tuple[Citation, ...], grounding: Grounding) -> Checked:
    if citations:
        return Checked(text=sentence.text, verdict="supported", citations=citations)
    if grounding == "enforce":
        return Checked(text="", verdict="withheld")
    is_marked = grounding == "annotate" and sentence.sources
    return Checked(text=sentence.text, verdict="unsupported" if is_marked else "uncited")
