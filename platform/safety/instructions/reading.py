"""What the words of a text alone say about orders in it. Pure, for it runs in child processes, too."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from footnote.platform.safety.instructions.decoding import runs_together, unveil, unwrapped
from footnote.platform.safety.instructions.segments import LONGEST, Segment, segments
from footnote.platform.safety.instructions.wording import Hint, hint

Span: TypeAlias = tuple[int, int]
Doubt: TypeAlias = tuple[Span, str, str]  # where, what it says, what is said around it

AROUND, WIDE = 2, 200  # segments before and as many after, or more if they take fewer characters together
FEWEST_WORDS = 3
# A cell of a table without a letter, too short for a code that letters are hidden in: most segments of a report.
_FIGURES = re.compile(r"[\x00-@\[-`{-\x7f]{1,19}")


class Reading(NamedTuple):
    """What the words of a text alone say: `planted` is sure, `doubts` the embeddings decide on."""

    planted: tuple[Span, ...]
    doubts: tuple[Doubt, ...]


def read_words(text: str) -> Reading:
    pieces = list(segments(text))
    hints = [_hint(text[piece.start : piece.end][:LONGEST], piece.goes_on) for piece in pieces]
    planted = set(_grown(pieces, hints, text))
    open_ = [at for at, found in enumerate(hints) if found is Hint.ASKING and at not in planted]
    doubts = tuple(doubt for at in open_ if (doubt := _doubt(text, pieces, at)))
    return Reading(tuple((pieces[at].start, pieces[at].end) for at in sorted(planted)), doubts)


def around(text: str, pieces: Sequence[Segment], before: int, after: int) -> str:
    """What stands before the piece at `before`, and from the one at `after` on, far enough to tell what it is about."""
    first, last = before, after
    while first and (before - first < AROUND or pieces[before - 1].end - pieces[first].start < WIDE):
        first -= 1
    while last < len(pieces) and (last - after < AROUND or pieces[last - 1].end - pieces[after].start < WIDE):
        last += 1
    said = " ".join(text[each.start : each.end] for each in pieces[first:before])
    going_on = " ".join(text[each.start : each.end] for each in pieces[after:last])
    return f"{said[-LONGEST // 2 :]} {going_on[: LONGEST // 2]}".strip()


def _doubt(text: str, pieces: Sequence[Segment], at: int) -> Doubt | None:
    """Of the whole sentence: lines of a page end amidst them."""
    after = at + 1
    while after < len(pieces) and _continues(text, pieces[after - 1], pieces[after]):
        if pieces[after].end - pieces[at].start > LONGEST:
            break
        after += 1
    said = " ".join(text[piece.start : piece.end] for piece in pieces[at:after])[:LONGEST]
    if not _is_long(said):
        return None
    return (pieces[at].start, pieces[after - 1].end), said, around(text, pieces, at, after)


def _continues(text: str, before: Segment, piece: Segment) -> bool:
    between = text[before.end : piece.start]
    return piece.goes_on and between.isspace() and between.count("\n") == 1


def _hint(sentence: str, goes_on: bool) -> Hint | None:
    if _FIGURES.fullmatch(sentence):
        return None
    found = hint(sentence, goes_on=goes_on)
    if found is Hint.PLANTED or runs_together(sentence):
        return Hint.PLANTED
    unveiled = hint(shown, goes_on=goes_on) if (shown := unveil(sentence)) else None
    # Who wraps an order up has a reason to.
    is_wrapped = unveiled is Hint.PLANTED or any(hint(said) for said in unwrapped(shown or sentence))
    return Hint.PLANTED if is_wrapped else found or unveiled


def _grown(pieces: Sequence[Segment], hints: Sequence[Hint | None], text: str) -> Iterator[int]:
    """With what is ordered after a colon, the rest of a line that was broken, and orders right beside."""
    for at, found in enumerate(hints):
        if found is not Hint.PLANTED:
            continue
        yield at
        after = at + 1
        while after < len(pieces) and _belongs(text, pieces[after - 1], pieces[after], hints[after]):
            yield after
            after += 1


def _belongs(text: str, before: Segment, piece: Segment, found: Hint | None) -> bool:
    between = text[before.end : piece.start]
    if "\n\n" in between or "|" in between:
        return False
    return piece.goes_on or text[before.end - 1] == ":" or found is Hint.ASKING


def _is_long(sentence: str) -> bool:
    """A word or two are a heading or a button; other scripts write many words without a space."""
    return len(sentence.split()) >= FEWEST_WORDS or not sentence.isascii()
