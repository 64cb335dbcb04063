"""Puts released sentences and their citations together, and keeps the offsets right."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from footnote.modules.generation.models import Citation, Sentence, Verdict

SEPARATOR = " "
ROW = re.compile(r"\|.*\|", re.DOTALL)  # of a table: it begins a line, and so does what follows it


class Composer:
    def __init__(self) -> None:
        self.text = ""
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []

    def cite(self, found: Iterable[Citation]) -> tuple[tuple[int, ...], list[Citation]]:
        """The indexes of the citations, and those of them that are new to the answer."""
        known = len(self.citations)
        indexes = tuple(dict.fromkeys(self._index(citation) for citation in found))
        return indexes, self.citations[known:]

    def add(self, text: str, verdict: Verdict, citations: tuple[int, ...] = ()) -> tuple[Sentence, str]:
        """The sentence with its place, and the piece by which the text of the answer grew."""
        piece = self._separator(text) + text if self.text and text else text
        self.text += piece
        end = len(self.text)
        sentence = Sentence(text=text, start=end - len(text), end=end, verdict=verdict, citations=citations)
        self.sentences.append(sentence)
        return sentence, piece

    def _separator(self, text: str) -> str:
        last = next((sentence.text for sentence in reversed(self.sentences) if sentence.text), "")
        return "\n" if ROW.fullmatch(text) or ROW.fullmatch(last) else SEPARATOR

    def _index(self, citation: Citation) -> int:
        same = (other.index for other in self.citations if _span(other) == _span(citation))
        index = next(same, len(self.citations))
        if index == len(self.citations):
            self.citations.append(msgspec.structs.replace(citation, index=index))
        return index


def recompose(sentences: Sequence[Sentence]) -> Composer:
    """The same sentences with new offsets, after some of them lost their text."""
    composer = Composer()
    for sentence in sentences:
        composer.add(sentence.text, sentence.verdict, sentence.citations)
    return composer


def _span(citation: Citation) -> tuple[str, int, int, int]:
    return citation.document_id, citation.version, citation.start, citation.end
