"""Picks from a ranking what fits into an answer."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from footnote.platform.inference.extractive.candidates import Candidate
from footnote.platform.inference.extractive.rows import is_row

FALL = 2.0  # of the score from the best to another that is quoted, too
BESIDE = 3.0  # what a sentence is worth more beside one that is quoted, as they make one quotation; beside two 1 less
STRETCH = 1.5  # of the room for the best sentence: better whole and alone than cut
LEAST_ROOM = 10  # words; less is not worth filling with the beginning of a sentence
SHORTEST = 5  # words that can be a quotation of a longer sentence
SAME = 0.9  # share of common words from which two sentences say the same
SAME_ROW = 0.8  # of two rows, which may differ in a column and in the marks of their notes
APART = 2  # characters between sentences that follow each other: more may have been blanked there
TELLING = 3  # words of a row that say what it is about
PUNCTUATION = ".,;:!?$€£¥|"
CLAUSE_END = re.compile(r"(?<=[,;:)])\s|\s(?=[(–—,;])")


class Scored(NamedTuple):
    candidate: Candidate
    score: float  # differences are logarithms of how much likelier one is than another


def selection(ranked: Sequence[Scored], *, max_sentences: int, max_words: int) -> list[Candidate]:
    """Quotations that fit, best first, the sentences of each as they stand in its source. `ranked` is best first.

    A sentence that is too long is cut after a clause if it is the best, and by half too long, or goes on with a
    quotation. One that has all of a row takes its place: it can be read without the heads of columns.
    """
    sentences = [each.candidate for each in ranked if not each.candidate.is_row]
    near = [each for each in ranked if each.score > ranked[0].score - FALL - BESIDE]
    found = [each._replace(candidate=_in_words(each.candidate, sentences)) for each in near]
    quotations = _Quotations(max_words)
    while len(quotations.sentences) < max_sentences and (sentence := quotations.best(found)):
        quotations.take(sentence)
    return quotations.sentences


class _Quotations:
    def __init__(self, max_words: int) -> None:
        self._all: list[list[Candidate]] = []
        self._room = max_words

    @property
    def sentences(self) -> list[Candidate]:
        return [sentence for quotation in self._all for sentence in quotation]

    def best(self, found: Sequence[Scored]) -> Candidate | None:
        """Of what is left and fits; what goes on with a quotation is worth more."""
        likely = [each for each in found if self._worth(each) > found[0].score - FALL]
        for each in sorted(likely, key=self._worth, reverse=True):
            sentence = self._fitting(each.candidate)
            if sentence and not any(_says_the_same(sentence.text, other.text) for other in self.sentences):
                return sentence
        return None

    def _fitting(self, candidate: Candidate) -> Candidate | None:
        if _length(candidate.text) <= self._room * (1 if self._all else STRETCH):
            return candidate
        if not self._all:
            return _cut(candidate, self._room) or _cut_anywhere(candidate, self._room)
        goes_on = any(_follow(quotation[-1], candidate) for quotation in self._all)
        return _cut(candidate, self._room) if goes_on and self._room >= LEAST_ROOM else None

    def take(self, sentence: Candidate) -> None:
        self._room -= _length(sentence.text)
        quotation = self._beside(sentence)
        if quotation is None:
            self._all.append([sentence])
        else:
            quotation.insert(0 if _follow(sentence, quotation[0]) else len(quotation), sentence)

    def _worth(self, each: Scored) -> float:
        quotation = self._beside(each.candidate)
        return each.score + BESIDE + 1 - len(quotation) if quotation and each.candidate.is_whole else each.score

    def _beside(self, sentence: Candidate) -> list[Candidate] | None:
        return next((each for each in self._all if _follow(each[-1], sentence) or _follow(sentence, each[0])), None)


def _follow(one: Candidate, other: Candidate) -> bool:
    """Whether `other` is the next sentence; the end of an item of a list says nothing of the next item."""
    is_prose = not one.is_row and not other.is_row
    is_next = is_prose and one.source.number == other.source.number and 0 <= other.start - one.end <= APART
    return is_next and not (other.begins_item and one.ends_item)


def _in_words(candidate: Candidate, sentences: Sequence[Candidate]) -> Candidate:
    if not candidate.is_row:
        return candidate
    words = _words(candidate.text)
    if len(words) < TELLING:
        return candidate
    return next((sentence for sentence in sentences if words <= _words(sentence.text)), candidate)


def _cut(candidate: Candidate, max_words: int) -> Candidate | None:
    """As many whole clauses from its beginning as there is room for; None if that is too little, or it is a row."""
    text = candidate.text
    ends = () if candidate.is_row else CLAUSE_END.finditer(text)
    fitting = [text[: end.start()] for end in ends if SHORTEST <= len(text[: end.start()].split()) <= max_words]
    return _with(candidate, fitting[-1]) if fitting else None


def _cut_anywhere(candidate: Candidate, max_words: int) -> Candidate:
    return _with(candidate, " ".join(candidate.text.split()[:max_words]))


def _with(candidate: Candidate, text: str) -> Candidate:
    """Its beginning."""
    return msgspec.structs.replace(candidate, text=text, end=candidate.start + len(text))


def _length(text: str) -> int:
    """In words; marks between cells are none."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _says_the_same(text: str, other: str) -> bool:
    share = SAME_ROW if is_row(text) and is_row(other) else SAME
    words, others = _words(text), _words(other)
    return len(words & others) >= share * min(len(words), len(others))


def _words(text: str) -> set[str]:
    """Without the marks between cells, signs of currencies and the like."""
    bare = (word.strip(PUNCTUATION) for word in text.casefold().split())
    return {word for word in bare if any(map(str.isalnum, word))}
