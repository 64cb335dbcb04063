"""Splits the text of a model into sentences and their source marks while it streams."""

import re
from collections.abc import Iterator

import msgspec

from footnote.platform.text import sentence_spans

NUMBERS = r"\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*"
MARK = rf"(?:\[\^?{NUMBERS}\]|【{NUMBERS}】)"
MARKS = re.compile(rf"(?<!\s)\s*{MARK}")  # white space is gone through once, however much of it there is
NUMBER = re.compile(r"\d+")
RANGE = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# A sentence ends with its marks, before or after the full stop; `red [1] and blue [2].` goes on in lower case, unless
# on a new line. Chinese and Japanese need no white space behind them, and full stops of their own.
END = re.compile(rf"{MARK}[.!?]*(?=[^\S\n]*\n|\s+[^\s\[【a-z])|{MARK}[。！？]+|[。！？]{MARK}(?=[{CJK}])|\n[^\S\n]*\n")
CODE = "```"
FENCED = re.compile(r"```.*?```", re.DOTALL)
ITEM = re.compile(r"[^\S\n]*(?:[-*+•]|\d{1,3}[.)]|[a-z]\))\s+")
HEADING = re.compile(r"[^\S\n]*#{1,6}\s+")
ROW = re.compile(r"[^\S\n]*\||.*\s\|\s")
MOST_OF_RANGE = 20
REACH = 200  # characters that the end of a sentence, with its marks and what follows them, may take


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence without its marks, and the numbers of the sources that they name."""

    text: str
    sources: tuple[int, ...]


class SentenceSplitter:
    """An item of a list, a heading, a row of a table and a block of code are each a sentence of their own, or several.

    A paragraph without marks has no sources; the sentences of another share the marks that follow them.
    """

    def __init__(self) -> None:
        self._pending = ""
        self._from = 0  # where an end may still be found

    def feed(self, piece: str) -> Iterator[Drafted]:
        """The sentences that are complete now: the next one has begun."""
        self._pending += piece
        while end := END.search(self._pending, self._from):
            segment = self._pending[: end.end()]
            if segment.count(CODE) % 2:
                self._from = end.end()
                continue
            self._pending, self._from = self._pending[end.end() :], 0
            yield from _parted(segment)
        self._from = max(self._from, len(self._pending) - REACH)

    def rest(self) -> Iterator[Drafted]:
        """What is left when the text has ended."""
        yield from _parted(self._pending)


def _parted(segment: str) -> Iterator[Drafted]:
    """All sentences before one set of marks share it: each is checked by itself."""
    sources = tuple(
        dict.fromkeys(number for mark in MARKS.findall(FENCED.sub("", segment)) for number in _numbers(mark))
    )
    for block in _blocks(segment):
        is_code = block.lstrip().startswith(CODE)
        text = " ".join((block if is_code else MARKS.sub("", block)).split())
        spans = [(0, len(text))] if is_code else sentence_spans(text)
        for start, end in spans:
            yield Drafted(text=text[start:end], sources=sources)


def _numbers(mark: str) -> Iterator[int]:
    for first, last in RANGE.findall(mark):
        yield from range(int(first), min(int(last or first), int(first) + MOST_OF_RANGE) + 1)


def _blocks(text: str) -> Iterator[str]:
    """Lines that belong together, without the signs that make them an item or a heading."""
    block: list[str] = []
    is_code = False
    for line in text.split("\n"):
        begins = ITEM.match(line) or HEADING.match(line)
        if not is_code and (begins or ROW.match(line) or not line.strip() or line.lstrip().startswith(CODE)):
            yield "\n".join(block)
            block = []
        is_code ^= line.count(CODE) % 2 == 1
        block.append(line[begins.end() :] if begins and not is_code else line)
        if not is_code and (ROW.match(line) or HEADING.match(line) or line.rstrip().endswith(CODE)):
            yield "\n".join(block)
            block = []
    yield "\n".join(block)
