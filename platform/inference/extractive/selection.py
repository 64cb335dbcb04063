"""Picks from a ranking what fits into an answer."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from footnote.platform.inference.extractive.candidates import Candidate
from footnote.platform.inference.extractive.rows import is_row

LEAST_ROOM = 10  # words; less is not worth filling with the beginning of a sentence
SHORTEST = 5  # words that can be a quotation of a longer sentence
SAME = 0.9  # share of common words from which two sentences say the same
SAME_ROW = 0.8  # of two rows, which may differ in a column and in the marks of their notes
TELLING = 3  # words of a row that say what it is about
PUNCTUATION = ".,;:!?$€£¥|"
CLAUSE_END = re.compile(r"(?<=[,;:)])\s|\s(?=[(–—,;])")


def selection(
    ranked: Iterable[Candidate], *, max_sentences: int, max_words: int, further: Iterable[Candidate] = ()
) -> list[Candidate]:
    """The best ones that fit, best first. A sentence too long for the room that is left is cut after a clause.

    A sentence, also of `further`, that has all of a row takes its place: it can be read without the heads of columns.
    """
    chosen: list[Candidate] = []
    room = max_words
    found = list(ranked)
    sentences = [candidate for candidate in (*found, *further) if not candidate.is_row]
    for candidate in (_in_words(candidate, sentences) for candidate in found):
        if len(chosen) == max_sentences or (chosen and room < LEAST_ROOM):
            break
        text = _fitting(candidate, room) or ("" if chosen else _cut(candidate.text, room))
        if text and not any(_says_the_same(text, other.text) for other in chosen):
            chosen.append(msgspec.structs.replace(candidate, text=text))
            room -= _length(text)
    return chosen


def _in_words(candidate: Candidate, sentences: Sequence[Candidate]) -> Candidate:
    if not candidate.is_row:
        return candidate
    words = _words(candidate.text)
    if len(words) < TELLING:
        return candidate
    return next((sentence for sentence in sentences if words <= _words(sentence.text)), candidate)


def _fitting(candidate: Candidate, room: int) -> str:
    """The whole text, or as many whole clauses from its beginning as there is room for; empty if that is too little."""
    text = candidate.text
    if _length(text) <= room:
        return text
    ends = () if candidate.is_row else CLAUSE_END.finditer(text)
    fitting = [text[: end.start()] for end in ends if SHORTEST <= len(text[: end.start()].split()) <= room]
    return fitting[-1] if fitting else ""


def _length(text: str) -> int:
    """In words; marks between cells are none."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _cut(text: str, room: int) -> str:
    return " ".join(text.split()[:room])


def _says_the_same(text: str, other: str) -> bool:
    share = SAME_ROW if is_row(text) and is_row(other) else SAME
    words, others = _words(text), _words(other)
    return len(words & others) >= share * min(len(words), len(others))


def _words(text: str) -> set[str]:
    """Without the marks between cells, signs of currencies and the like."""
    bare = (word.strip(PUNCTUATION) for word in text.casefold().split())
    return {word for word in bare if any(map(str.isalnum, word))}
