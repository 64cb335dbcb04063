"""Sends out what was checked, in the order that readers of the stream rely on."""

from footnote.modules.generation.checking import Checked
from footnote.modules.generation.composing import Composer
from footnote.modules.generation.models import CitationFound, SentenceDone, Token
from footnote.modules.generation.stages import Emit


class Release:
    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.composer = Composer()

    async def release(self, checked: Checked) -> None:
        """The tokens, then the citations that are new to the answer, then the sentence."""
        indexes, new = self.composer.cite(checked.citations)
        sentence, piece = self.composer.add(checked.text, checked.verdict, indexes)
        if piece:
            await self._emit(Token(piece))
        for citation in new:
            await self._emit(CitationFound(citation))
        index = len(self.composer.sentences) - 1
        await self._emit(
            SentenceDone(index=index, text=sentence.text, verdict=sentence.verdict, citations=sentence.citations)
        )

    async def say(self, text: str) -> None:
        """A sentence of our own, which no document supports."""
        await self.release(Checked(text=text, verdict="uncited"))
