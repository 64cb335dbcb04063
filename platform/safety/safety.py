"""Everything that stands between documents, a model and its reader, as one object."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from footnote.platform.safety import questions
from footnote.platform.safety.instructions.detector import InstructionDetector
from footnote.platform.safety.instructions.reading import Span
from footnote.platform.safety.leaks import reveals
from footnote.platform.safety.personal import PATTERNS, Finding, Recogniser, find_personal_data, masked
from footnote.platform.safety.policy import Policy

PersonalData = Literal["keep", "mask", "withhold"]
Reason = Literal["injection", "prompt_leak", "policy", "personal_data"]

REFUSALS: dict[Reason, str] = {
    "injection": "The question asks to set aside the rules by which answers are made.",
    "prompt_leak": "The question asks for the instructions by which answers are made.",
    "policy": "The question is against the policy of this service.",
}


class Refusal(msgspec.Struct, frozen=True):
    reason: Reason
    text: str  # a sentence for the reader


class Screened(msgspec.Struct, frozen=True):
    """A passage as a model may see it: as long as the original, planted instructions blank."""

    text: str
    planted: tuple[Span, ...] = ()  # code points


class Screen(msgspec.Struct, frozen=True):
    """A sentence as a reader may see it; empty if it is withheld, and then `reason` says why."""

    text: str
    reason: Reason | None = None


class Safety:
    def __init__(
        self,
        detector: InstructionDetector | None,
        *,
        personal_data: PersonalData = "keep",
        policy: Policy | None = None,
        names: Recogniser | None = None,
    ) -> None:
        """Without a detector passages stay as they are. `names` finds those of people."""
        self._detector = detector
        self._personal_data = personal_data
        self._policy = policy or Policy()
        self._recognisers = (*PATTERNS, names) if names else PATTERNS

    async def question(self, text: str, *, tenant: str) -> Refusal | None:
        reason: Reason | None = questions.forbidden(text)
        if reason is None and not await self._policy.allows(text, tenant=tenant):
            reason = "policy"
        return Refusal(reason, REFUSALS[reason]) if reason else None

    async def passages(self, texts: Sequence[str]) -> list[Screened]:
        """In their order.

        Raises:
            Unavailable: The model that compares sentences cannot be loaded.
        """
        if self._detector is None:
            return [Screened(text) for text in texts]
        found = await self._detector.planted(texts)
        return [Screened(blanked(text, spans), spans) for text, spans in zip(texts, found, strict=True)]

    async def sentence(self, text: str, *, tenant: str, system: str) -> Screen:
        """What may be shown of a sentence of a model that was given `system`."""
        if system and reveals(text, system):
            return Screen("", "prompt_leak")
        if not await self._policy.allows(text, tenant=tenant):
            return Screen("", "policy")
        if self._personal_data == "keep" or not (findings := await self._personal(text)):
            return Screen(text)
        return Screen("" if self._personal_data == "withhold" else masked(text, findings), "personal_data")

    async def quote(self, text: str) -> str:
        """What may be shown of a document's words beside an answer."""
        return text if self._personal_data == "keep" else masked(text, await self._personal(text))

    async def _personal(self, text: str) -> list[Finding]:
        """Web addresses are what documents refer to, and stay."""
        found = await asyncio.to_thread(find_personal_data, text, self._recognisers)
        return [finding for finding in found if finding.kind != "url"]


def blanked(text: str, spans: Sequence[Span]) -> str:
    """`text` with spaces in the place of each span, so that all other offsets stay."""
    return "".join(_blanked(text, spans))


def _blanked(text: str, spans: Sequence[Span]) -> Iterator[str]:
    end = 0
    for span in spans:
        yield text[end : span[0]]
        yield " " * (span[1] - max(span[0], end))
        end = max(end, span[1])
    yield text[end:]
