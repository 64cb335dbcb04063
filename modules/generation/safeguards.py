"""What stands between the asker, the passages, the model and the reader."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from footnote.modules.generation.checking import Checked
from footnote.modules.generation.models import Citation
from footnote.modules.retrieval import Context, Passage

PLANTED = "{} holds instructions to the model; they were ignored."
REASONS = {
    "prompt_leak": "A sentence was withheld that tells of the model's instructions.",
    "policy": "A sentence was withheld that is against the policy of this service.",
    "personal_data": "Personal data was left out of the answer.",
}


class Refusal(Protocol):
    @property
    def text(self) -> str:
        """A sentence for the reader."""
        ...


class Screened(Protocol):
    @property
    def text(self) -> str:
        """A passage as a model may see it: of the same length, planted instructions blank."""
        ...

    @property
    def planted(self) -> Sequence[tuple[int, int]]: ...


class Screen(Protocol):
    @property
    def text(self) -> str:
        """A sentence as a reader may see it; empty if it is withheld."""
        ...

    @property
    def reason(self) -> str | None: ...


class Safety(Protocol):
    async def question(self, text: str, *, tenant: str) -> Refusal | None: ...

    async def passages(self, texts: Sequence[str]) -> Sequence[Screened]: ...

    async def sentence(self, text: str, *, tenant: str, system: str) -> Screen: ...

    async def quote(self, text: str) -> str: ...


class Offered(NamedTuple):
    """Passages as they are read by whatever writes and verifies, and words for the reader about them."""

    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


class Safeguards:
    """Lets everything pass without a `Safety`."""

    def __init__(self, safety: Safety | None = None) -> None:
        self._safety = safety

    async def refusal(self, question: str, tenant: str) -> str | None:
        """Why `question` is not answered, in a sentence for the reader; None if it is."""
        refused = await self._safety.question(question, tenant=tenant) if self._safety else None
        return refused.text if refused else None

    async def offered(self, context: Context) -> Offered:
        """The passages without planted instructions, offsets as they were: an instruction is no evidence."""
        passages = context.passages
        if self._safety is None or not passages:
            return Offered(passages)
        screened = await self._safety.passages([passage.text for passage in passages])
        clean = [
            msgspec.structs.replace(passage, text=each.text) if each.planted else passage
            for passage, each in zip(passages, screened, strict=True)
        ]
        planted = [passage for passage, each in zip(passages, screened, strict=True) if each.planted]
        return Offered(tuple(clean), tuple(dict.fromkeys(PLANTED.format(_named(passage)) for passage in planted)))

    async def is_planted(self, text: str) -> bool:
        """Whether a document's words are, in part, instructions to whoever reads it."""
        return self._safety is not None and any(each.planted for each in await self._safety.passages([text]))

    async def thought(self, text: str, *, tenant: str, system: str) -> str:
        """What may be shown of what a model thinks."""
        if self._safety is None or not text.strip():
            return text
        screen = await self._safety.sentence(text, tenant=tenant, system=system)
        return screen.text

    async def passed(self, checked: Checked, *, tenant: str, system: str) -> tuple[Checked, tuple[str, ...]]:
        """What may be shown of a sentence that was checked, and words for the reader about what may not."""
        if self._safety is None or not checked.text:
            return checked, ()
        screen = await self._safety.sentence(checked.text, tenant=tenant, system=system)
        notes = (REASONS[screen.reason],) if screen.reason in REASONS else ()
        if not screen.text:
            return Checked(text="", verdict="withheld"), notes
        citations = tuple([await self.shown(citation) for citation in checked.citations])
        return msgspec.structs.replace(checked, text=screen.text, citations=citations), notes

    async def shown(self, citation: Citation) -> Citation:
        """Without what may not be shown of its quote."""
        if self._safety is None:
            return citation
        return msgspec.structs.replace(citation, quote=await self._safety.quote(citation.quote))


def _named(passage: Passage) -> str:
    """As the reader knows it: the passages of a draft have numbers that no answer shows."""
    return f"“{passage.title}”" if passage.title else "A document without a title"
