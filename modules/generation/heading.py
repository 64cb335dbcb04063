"""A row of a table is shown under the heads of its columns: its figures alone do not say what they are."""

from footnote.modules.generation.checking import Checked
from footnote.modules.generation.citing import Citer
from footnote.modules.generation.composing import ROW
from footnote.modules.generation.models import Citation
from footnote.modules.generation.safeguards import Safeguards
from footnote.platform.principal import Principal

Span = tuple[str, int, int, int]


class Headings:
    """Those of one answer: once for rows that follow each other under the same ones."""

    def __init__(self, citer: Citer, safeguards: Safeguards) -> None:
        self._citer = citer
        self._safeguards = safeguards
        self._open: list[Span] = []  # above what is told next

    async def above(self, principal: Principal, row: Checked, *, system: str) -> list[Checked]:
        """A caption and rows, word for word and each with its citation; empty for what is no supported row."""
        open_, self._open = self._open, []
        if row.verdict != "supported" or not ROW.fullmatch(row.text):
            return []
        found = await self._citer.heads(principal, row.citations[0])
        self._open = [_span(citation) for citation in found]
        new = [citation for citation in found if _span(citation) not in open_]
        told = [await self._told_of(principal, citation, system) for citation in new]
        return [head for head in told if head.text]

    async def _told_of(self, principal: Principal, citation: Citation, system: str) -> Checked:
        text = " ".join(citation.quote.split())
        if await self._safeguards.is_planted(text):
            return Checked(text="", verdict="withheld")
        head = Checked(text=text, verdict="supported", citations=(citation,), probability=1.0)
        return (await self._safeguards.passed(head, tenant=principal.tenant, system=system))[0]


def _span(citation: Citation) -> Span:
    return citation.document_id, citation.version, citation.start, citation.end
