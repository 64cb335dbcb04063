"""Cuts a text into what may be said to a model by itself: sentences, lines, cells of a table."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from footnote.platform.text import sentence_spans

_BREAK = re.compile(r"\s*\n\s*|[^\S\n]*[|\t][^\S\n]*|[^\S\n]{4,}")
_STOP = re.compile("[.!?…。！？]")
_ENDS = re.compile(r"[.!?:;…。！？|\"”»)\]]\s*\Z")
_BULLET = re.compile(r"(?:[-*•▪◦‣·>#–—]+|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\[[ x]\])\s+")
LONGEST = 600  # characters; of a longer one the rest says no more about its kind


class Segment(NamedTuple):
    """Code points [start, end); `goes_on` if it may be the rest of a line before it."""

    start: int
    end: int
    goes_on: bool


def segments(text: str) -> Iterator[Segment]:
    """In order, without bullets and numbers of lists."""
    for line_start, line_end in _lines(text):
        line = text[line_start:line_end]
        goes_on = line[:1].islower() and line_start > 0 and not _ENDS.search(text[max(0, line_start - 8) : line_start])
        for start, end in _spans(line):
            bullet = _BULLET.match(line, start, end)
            first = bullet.end() if bullet else start
            if first < end:
                yield Segment(line_start + first, line_start + end, goes_on and start == 0)


def _spans(line: str) -> list[tuple[int, int]]:
    """Of its sentences. Most lines hold no stop, so that all of it is one."""
    if _STOP.search(line):
        return sentence_spans(line)
    start, end = len(line) - len(line.lstrip()), len(line.rstrip())
    return [(start, end)] if start < end else []


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _BREAK.finditer(text):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < len(text):
        yield start, len(text)
