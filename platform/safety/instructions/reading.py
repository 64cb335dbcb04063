"""What the words of a text alone say about orders in it. Pure, for it runs in child processes, too."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from footnote.platform.safety.instructions.decoding import runs_together, unveil, unwrapped
from footnote.platform.safety.instructions.segments import LONGEST, Segment, segments
from footnote.platform.safety.instructions.wording import Hint, hint

Span: TypeAlias = tuple[int, int]
Doubt: TypeAlias = tuple[Span, str, str]  # where, what it says, what is said around it

AROUND = 2  # segments before and after
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
    doubts = tuple(
        ((piece.start, piece.end), text[piece.start : piece.end][:LONGEST], _around(text, pieces, at))
        for at, piece in enumerate(pieces)
        if hints[at] is Hint.ASKING and at not in planted and _is_long(text[piece.start : piece.end])
    )
    return Reading(tuple((pieces[at].start, pieces[at].end) for at in sorted(planted)), doubts)


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


def _around(text: str, pieces: Sequence[Segment], at: int) -> str:
    near = (*pieces[max(0, at - AROUND) : at], *pieces[at + 1 : at + 1 + AROUND])
    return " ".join(text[piece.start : piece.end] for piece in near)[:LONGEST]


def _is_long(sentence: str) -> bool:
    """A word or two are a heading or a button; other scripts write many words without a space."""
    return len(sentence.split()) >= FEWEST_WORDS or not sentence.isascii()
