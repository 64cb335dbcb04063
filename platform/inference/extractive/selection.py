"""Picks from a ranking what fits into an answer."""

import re
from collections.abc import Iterable

import msgspec

from footnote.platform.inference.extractive.candidates import Candidate

LEAST_ROOM = 10  # words; less is not worth filling with the beginning of a sentence
SHORTEST = 5  # words that can be a quotation of a longer sentence
SAME = 0.9  # share of common words from which two sentences say the same
CLAUSE_END = re.compile(r"(?<=[,;:)])\s|\s(?=[(–—,;])")


def selection(ranked: Iterable[Candidate], *, max_sentences: int, max_words: int) -> list[Candidate]:
    """The best ones that fit, best first. A sentence too long for the room that is left is cut after a clause."""
    chosen: list[Candidate] = []
    room = max_words
    for candidate in ranked:
        if len(chosen) == max_sentences or (chosen and room < LEAST_ROOM):
            break
        text = _fitting(candidate.text, room) or ("" if chosen else _cut(candidate.text, room))
        if text and not any(_says_the_same(text, other.text) for other in chosen):
            chosen.append(msgspec.structs.replace(candidate, text=text))
            room -= len(text.split())
    return chosen


def _fitting(text: str, room: int) -> str:
    """The whole text, or as many whole clauses from its beginning as there is room for; empty if that is too little."""
    if len(text.split()) <= room:
        return text
    beginnings = (text[: clause.start()] for clause in CLAUSE_END.finditer(text))
    fitting = [beginning for beginning in beginnings if SHORTEST <= len(beginning.split()) <= room]
    return fitting[-1] if fitting else ""


def _cut(text: str, room: int) -> str:
    return " ".join(text.split()[:room])


def _says_the_same(text: str, other: str) -> bool:
    words, others = set(text.casefold().split()), set(other.casefold().split())
    return len(words & others) >= SAME * min(len(words), len(others))
