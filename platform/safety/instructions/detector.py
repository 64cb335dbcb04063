"""Finds in a text what tells a model what to do, instead of telling its reader something."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embedder
from footnote.platform.safety.instructions.reading import Doubt, Reading, Span, read_words

T = TypeVar("T")

LIKELY = 0.3  # log odds above which an order or a question is taken for one to a model
KEPT = 20_000  # texts, and sentences in doubt, whose findings are remembered: about 5 MB of each
_WEIGHTS: NDArray[np.float64] = np.loadtxt(Path(__file__).with_name("weights.txt"))
_LIKENESS, _ASKS, _ASKS_ALIKE, _LENGTH, _BIAS = _WEIGHTS[-5:]


class InstructionDetector:
    """Reads the words first; where they leave it open, embeddings decide.

    What was found is remembered by hashes, so that nothing of a text stays.
    """

    def __init__(self, embedder: Embedder | None, *, likely: float = LIKELY) -> None:
        """`embedder` must be all-MiniLM-L6-v2, which the weights were fitted with; without one only words decide."""
        self._embedder = embedder
        self._likely = likely
        self._known: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()
        self._odds: OrderedDict[bytes, float] = OrderedDict()

    async def planted(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """For each text the spans of instructions in it, in order, in code points.

        Raises:
            Unavailable: The embedder cannot be loaded.
        """
        marks = {text: _mark(text) for text in texts}
        found = {mark: self._known[mark] for mark in marks.values() if mark in self._known}
        new = {mark: text for text, mark in marks.items() if mark not in found}
        read = await asyncio.to_thread(lambda: [read_words(text) for text in new.values()]) if new else []
        fresh = dict(zip(new, await self._decided(read), strict=True))
        _keep(self._known, fresh)
        found |= fresh
        return [found[marks[text]] for text in texts]

    async def _decided(self, read: Sequence[Reading]) -> list[tuple[Span, ...]]:
        doubts = [doubt for reading in read for doubt in reading.doubts]
        likely = iter(await self.are_likely(doubts, above=self._likely))
        return [
            tuple(sorted({*reading.planted, *(doubt[0] for doubt in reading.doubts if next(likely))}))
            for reading in read
        ]

    async def are_likely(self, doubts: Sequence[Doubt], *, above: float) -> list[bool]:
        """For each whether the log odds that it is for a model are greater.

        Raises:
            Unavailable: The embedder cannot be loaded.
        """
        if self._embedder is None or not doubts:
            return [False] * len(doubts)
        marks = [_mark(said, around) for _, said, around in doubts]
        found = {mark: self._odds[mark] for mark in marks if mark in self._odds}
        new = {mark: doubt for mark, doubt in zip(marks, doubts, strict=True) if mark not in found}
        fresh = dict(zip(new, await self._odds_of(self._embedder, list(new.values())), strict=True))
        _keep(self._odds, fresh)
        found |= fresh
        return [found[mark] > above for mark in marks]

    async def _odds_of(self, embedder: Embedder, doubts: Sequence[Doubt]) -> list[float]:
        if not doubts:
            return []
        texts = list(dict.fromkeys(text for _, said, around in doubts for text in (said, around)))
        rows = {text: row for row, text in enumerate(texts)}
        embeddings = (await embedder.embed(texts, kind="document")).astype(np.float64)
        said = embeddings[[rows[said] for _, said, _ in doubts]]
        around = embeddings[[rows[around] for _, _, around in doubts]]
        return [float(odds) for odds in log_odds(said, around, [said for _, said, _ in doubts])]


def _mark(*texts: str) -> bytes:
    """Their hash; with their lengths, so that no two of them make the same whole as two others."""
    whole = " ".join((*(str(len(text)) for text in texts), *texts))
    return hashlib.blake2b(whole.encode(errors="surrogatepass"), digest_size=32).digest()


def _keep(known: OrderedDict[bytes, T], fresh: Mapping[bytes, T]) -> None:
    known |= fresh
    while len(known) > KEPT:
        known.popitem(last=False)


def log_odds(said: NDArray[np.float64], around: NDArray[np.float64], sentences: Sequence[str]) -> NDArray[np.float64]:
    """That each sentence is for a model: a logistic regression on embeddings [sentences, dimension]."""
    likeness = (said * around).sum(axis=1)
    asks = np.array([sentence.rstrip().endswith("?") for sentence in sentences], dtype=float)
    length = np.array([min(len(sentence.split()), 40) / 20 for sentence in sentences])
    of_form = _LIKENESS * likeness + _ASKS * asks + _ASKS_ALIKE * asks * likeness + _LENGTH * length
    return np.asarray(said @ _WEIGHTS[:-5] + of_form + _BIAS)
