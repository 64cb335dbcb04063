"""Finds in a text what tells a model what to do, instead of telling its reader something."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embedder
from footnote.platform.safety.instructions.decoding import readings, runs_together
from footnote.platform.safety.instructions.segments import LONGEST, Segment, segments
from footnote.platform.safety.instructions.wording import Hint, hint

Span: TypeAlias = tuple[int, int]
Doubt: TypeAlias = tuple[Span, str, str]  # where, what it says, what is said around it

LIKELY = 0.3  # log odds above which an order or a question is taken for one to a model
AROUND = 2  # segments before and after
KEPT = 5_000  # texts whose findings are remembered
FEWEST_WORDS = 3
_WEIGHTS: NDArray[np.float64] = np.load(Path(__file__).with_name("weights.npy"))
_LIKENESS, _ASKS, _ASKS_ALIKE, _LENGTH, _BIAS = _WEIGHTS[-5:]


class Reading(NamedTuple):
    """What the words of a text alone say: `planted` is sure, `doubts` the embeddings decide on."""

    planted: tuple[Span, ...]
    doubts: tuple[Doubt, ...]


class InstructionDetector:
    """Reads the words first; where they leave it open, embeddings decide. What was found is remembered by text."""

    def __init__(self, embedder: Embedder | None, *, likely: float = LIKELY) -> None:
        """`embedder` must be all-MiniLM-L6-v2, which the weights were fitted with; without one only words decide."""
        self._embedder = embedder
        self._likely = likely
        self._known: OrderedDict[str, tuple[Span, ...]] = OrderedDict()

    async def planted(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """For each text the spans of instructions in it, in order, in code points.

        Raises:
            Unavailable: The embedder cannot be loaded.
        """
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        read = await asyncio.to_thread(lambda: [read_words(text) for text in new]) if new else []
        for text, spans in zip(new, await self._decided(read), strict=True):
            self._known[text] = spans
        found = [self._known[text] for text in texts]
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found

    async def _decided(self, read: Sequence[Reading]) -> list[tuple[Span, ...]]:
        doubts = [doubt for reading in read for doubt in reading.doubts]
        likely = iter(await self._are_likely(doubts))
        return [
            tuple(sorted({*reading.planted, *(doubt[0] for doubt in reading.doubts if next(likely))}))
            for reading in read
        ]

    async def _are_likely(self, doubts: Sequence[Doubt]) -> list[bool]:
        if self._embedder is None or not doubts:
            return [False] * len(doubts)
        texts = list(dict.fromkeys(text for _, said, around in doubts for text in (said, around)))
        rows = {text: row for row, text in enumerate(texts)}
        embeddings = (await self._embedder.embed(texts, kind="document")).astype(np.float64)
        said = embeddings[[rows[said] for _, said, _ in doubts]]
        around = embeddings[[rows[around] for _, _, around in doubts]]
        return [bool(odds > self._likely) for odds in log_odds(said, around, [said for _, said, _ in doubts])]


def log_odds(said: NDArray[np.float64], around: NDArray[np.float64], sentences: Sequence[str]) -> NDArray[np.float64]:
    """That each sentence is for a model: a logistic regression on embeddings [sentences, dimension]."""
    likeness = (said * around).sum(axis=1)
    asks = np.array([sentence.rstrip().endswith("?") for sentence in sentences], dtype=float)
    length = np.array([min(len(sentence.split()), 40) / 20 for sentence in sentences])
    of_form = _LIKENESS * likeness + _ASKS * asks + _ASKS_ALIKE * asks * likeness + _LENGTH * length
    return np.asarray(said @ _WEIGHTS[:-5] + of_form + _BIAS)


def read_words(text: str) -> Reading:
    pieces = list(segments(text))
    hints = [_hint(text[piece.start : piece.end][:LONGEST], piece) for piece in pieces]
    planted = set(_grown(pieces, hints, text))
    doubts = tuple(
        ((piece.start, piece.end), text[piece.start : piece.end][:LONGEST], _around(text, pieces, at))
        for at, piece in enumerate(pieces)
        if hints[at] is Hint.ASKING and at not in planted and _is_long(text[piece.start : piece.end])
    )
    return Reading(tuple((pieces[at].start, pieces[at].end) for at in sorted(planted)), doubts)


def _hint(sentence: str, piece: Segment) -> Hint | None:
    found = hint(sentence, goes_on=piece.goes_on)
    if found is Hint.PLANTED or runs_together(sentence):
        return Hint.PLANTED
    # Who wraps an order up has a reason to.
    return Hint.PLANTED if any(hint(reading) for reading in readings(sentence)) else found


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
