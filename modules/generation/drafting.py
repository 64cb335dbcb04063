"""Splits the text of a model into sentences and their source marks while it streams."""

import re
from collections.abc import Iterator

import msgspec

from footnote.platform.text import sentence_spans

MARK = r"\[\d{1,4}(?:\s*,\s*\d{1,4})*\]"
MARKS = re.compile(rf"\s*{MARK}")
NUMBER = re.compile(r"\d+")
# A sentence ends with its marks, before or after the full stop; `red [1] and blue [2].` goes on in lower case, unless
# on a new line.
END = re.compile(rf"{MARK}[.!?]*(?=[^\S\n]*\n|\s+[^\s\[a-z])")


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence without its marks, and the numbers of the sources that they name."""

    text: str
    sources: tuple[int, ...]


class SentenceSplitter:
    def __init__(self) -> None:
        self._pending = ""

    def feed(self, piece: str) -> Iterator[Drafted]:
        """The sentences that are complete now: the next one has begun."""
        self._pending += piece
        while end := END.search(self._pending):
            segment, self._pending = self._pending[: end.end()], self._pending[end.end() :]
            yield from _parted(segment)

    def rest(self) -> Iterator[Drafted]:
        """What is left when the text has ended."""
        yield from _parted(self._pending)


def _parted(segment: str) -> Iterator[Drafted]:
    """All sentences before one set of marks share it: each is checked by itself."""
    marks = "".join(MARKS.findall(segment))
    sources = tuple(dict.fromkeys(int(number) for number in NUMBER.findall(marks)))
    text = " ".join(MARKS.sub("", segment).split())
    for start, end in sentence_spans(text):
        yield Drafted(text=text[start:end], sources=sources)
