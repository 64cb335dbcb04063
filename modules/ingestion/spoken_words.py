"""Where the words that were heard stand in the text of their segment, and when the rest of it was said."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from footnote.modules.ingestion.models import Moment
from footnote.platform.inference.transcription import Segment, SpokenWord

REACH = 40  # characters: a word heard but not written there is farther from its namesake
_TOKEN = re.compile(r"\S+")


def moments(segment: Segment, words: Sequence[SpokenWord], at: int) -> list[Moment]:
    """Moments that cover all of the segment's text but white space, in order; `at` is added to their offsets.

    Signs belong to the word they stand at. What was not heard as a word is said between its neighbours.
    """
    found = list(_found(segment, words))
    covered: list[Moment] = []
    now = segment.begins  # when the last word that was heard ended
    for token in _TOKEN.finditer(segment.text):
        inside = [moment for moment in found if moment.start < token.end()]
        found = found[len(inside) :]
        if inside:
            covered += _stretched(inside, *token.span())
            now = inside[-1].ends
        else:
            covered.append(Moment(*token.span(), now, max(now, found[0].begins if found else segment.ends)))
    return [Moment(m.start + at, m.end + at, m.begins, m.ends) for m in covered]


def _found(segment: Segment, words: Iterable[SpokenWord]) -> Iterator[Moment]:
    text = _folded(segment.text)
    end, now = 0, segment.begins
    for word in words:
        for piece in _folded(word.text).split():
            start = text.find(piece, end, end + REACH + len(piece))
            if start >= 0:
                end = start + len(piece)
                now = max(now, word.begins)
                yield Moment(start, end, now, max(now, word.ends))


def _folded(text: str) -> str:
    """In small letters, each in its place."""
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _stretched(inside: Sequence[Moment], start: int, end: int) -> Iterator[Moment]:
    """The words of one run of characters, so that none of it is left over; a script without spaces has many."""
    starts = [start, *(moment.start for moment in inside[1:]), end]
    for moment, (first, last) in zip(inside, pairwise(starts), strict=True):
        yield Moment(first, last, moment.begins, moment.ends)
