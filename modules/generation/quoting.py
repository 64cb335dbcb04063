"""How a model's quotations are told: neighbouring sentences share a footnote, and rows stand under their heads."""

from collections.abc import Iterable

import msgspec

from footnote.modules.generation.checking import Checked
from footnote.modules.generation.citing import Citer
from footnote.modules.generation.composing import ROW
from footnote.modules.generation.heading import Headings
from footnote.modules.generation.models import Citation
from footnote.modules.generation.safeguards import Safeguards
from footnote.modules.generation.words import folded_words
from footnote.platform.principal import Principal

APART = 8  # characters, of marks and white space, between sentences that follow each other


class Quotations:
    """Those of one answer. The last one is held back, for the next sentence may belong to it."""

    def __init__(self, principal: Principal, citer: Citer, safeguards: Safeguards) -> None:
        self._principal = principal
        self._citer = citer
        self._safeguards = safeguards
        self._headings = Headings(citer, safeguards)
        self._open: list[Checked] = []

    async def told(self, checked: Checked, *, system: str, quotes: bool) -> list[Checked]:
        """What may be released now that `checked` follows; all of it, unless the model `quotes`."""
        if not quotes:
            return [*await self.rest(), checked]
        if self._open and _follow(self._open[-1], checked):
            self._open.append(checked)
            return []
        ended = await self.rest()
        self._open = [checked]
        return [*ended, *await self._headings.above(self._principal, checked, system=system)]

    async def rest(self) -> list[Checked]:
        """What is still held back."""
        sentences, self._open = self._open, []
        if len(sentences) < 2:
            return sentences
        cited = [each.citations[0] for each in sentences]
        span = (cited[0].start, cited[-1].end)
        whole = [
            await self._safeguards.shown(each) for each in await self._citer.beside(self._principal, cited[0], [span])
        ]
        if not whole or _words(whole) != _words(cited):
            return sentences
        return [msgspec.structs.replace(each, citations=tuple(whole)) for each in sentences]


def _words(citations: Iterable[Citation]) -> list[str]:
    return [word for citation in citations for word in folded_words(citation.quote)]


def _follow(one: Checked, other: Checked) -> bool:
    """Whether `other` quotes what comes next in the document, on nothing but that."""
    if len(one.citations) != 1 or len(other.citations) != 1 or ROW.fullmatch(one.text) or ROW.fullmatch(other.text):
        return False
    here, there = one.citations[0], other.citations[0]
    is_same = (here.document_id, here.version, here.passage_id) == (there.document_id, there.version, there.passage_id)
    return is_same and 0 <= there.start - here.end <= APART
