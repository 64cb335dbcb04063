"""Decides what of a drafted sentence may be shown, and with which footnotes."""

import asyncio
import re
from collections.abc import Sequence

import msgspec

from footnote.modules.generation.citing import Citer, parts_of
from footnote.modules.generation.drafting import Drafted
from footnote.modules.generation.grounding import Claim, Evidence, Support, Verifier
from footnote.modules.generation.grounding.ranking import likeliest
from footnote.modules.generation.models import Citation, Grounding, Verdict
from footnote.modules.generation.stages import Stages
from footnote.modules.retrieval import Passage
from footnote.platform.principal import Principal

ENDED = re.compile(r"[.!?…。！？][\"'”’»)\]」』]*$")
TRIED = 3  # passages that a sentence does not name, and may rest on all the same


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What may be shown of a sentence; `text` is empty if it is withheld."""

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...] = ()
    probability: float = 0.0  # in [0, 1], that the passages say it


class SentenceChecker:
    """A sentence rests on the passages that it names; if they do not say it, on another one that does.

    So a wrong or a missing mark is mended. A sentence that no passage supports keeps no citation.
    """

    def __init__(self, verifier: Verifier, citer: Citer, *, tried: int = TRIED) -> None:
        self._verifier = verifier
        self.citer = citer
        self._tried = tried

    async def check(
        self,
        principal: Principal,
        sentence: Drafted,
        passages: Sequence[Passage],
        grounding: Grounding,
        stages: Stages,
        *,
        question: str = "",
    ) -> Checked:
        """`passages` are those that the marks of the sentence count, from 1; `question` is what it answers.

        Raises:
            Unavailable: The verifier cannot do without a model that is not there.
        """
        with stages.quiet("verify"):
            support, rests_on = await self._support(sentence, passages, question)
        with stages.quiet("cite"):
            citations = await self.citer.cite(principal, parts_of(sentence.text, rests_on))
        return _judged(sentence, tuple(citations), grounding, support.probability)

    async def _support(
        self, sentence: Drafted, passages: Sequence[Passage], question: str
    ) -> tuple[Support, list[Passage]]:
        """What it rests on: each named passage that says it alone, else all of them together, else another one."""
        places = [number - 1 for number in sentence.sources if 1 <= number <= len(passages)]
        named = [passages[place] for place in places]
        judged = await self._verifier.judge([_claim(sentence.text, [passage], question) for passage in named])
        alone = [passage for passage, support in zip(named, judged, strict=True) if support.is_supported]
        if alone:
            return _best(judged), alone
        if not named and not sentence.sources and not ENDED.search(sentence.text):
            return _best([]), []  # a sentence that was cut off may say the opposite of its beginning
        others = [passage for place, passage in enumerate(passages) if place not in places]
        further = [named] if len(named) > 1 else []
        further += [[passage] for passage in await asyncio.to_thread(likeliest, sentence.text, others, self._tried)]
        found = await self._verifier.judge([_claim(sentence.text, group, question) for group in further])
        for support, group in zip(found, further, strict=True):
            if support.is_supported:
                return support, group
        return _best([*judged, *found]), []


def _claim(text: str, passages: Sequence[Passage], question: str) -> Claim:
    evidence = (
        Evidence(text=passage.text, title=" > ".join((passage.title, *passage.heading_path))) for passage in passages
    )
    return Claim(text=text, evidence=tuple(evidence), question=question)


def _best(found: Sequence[Support]) -> Support:
    supported = [support for support in found if support.is_supported] or found
    return max(supported, key=lambda support: support.probability, default=Support(probability=0.0, is_supported=False))


def _judged(sentence: Drafted, citations: tuple[Citation, ...], grounding: Grounding, probability: float) -> Checked:
    if citations:
        return Checked(text=sentence.text, verdict="supported", citations=citations, probability=probability)
    if grounding == "enforce":
        return Checked(text="", verdict="withheld", probability=probability)
    is_marked = grounding == "annotate" and sentence.sources
    verdict: Verdict = "unsupported" if is_marked else "uncited"
    return Checked(text=sentence.text, verdict=verdict, probability=probability)
