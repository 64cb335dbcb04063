"""Finds in a text what tells a model what to do, instead of telling its reader something."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embedder
from footnote.platform.safety.instructions.reading import Doubt, Reading, Span, read_words

LIKELY = 0.3  # log odds above which an order or a question is taken for one to a model
KEPT = 5_000  # texts whose findings are remembered
_WEIGHTS: NDArray[np.float64] = np.loadtxt(Path(__file__).with_name("weights.txt"))
_LIKENESS, _ASKS, _ASKS_ALIKE, _LENGTH, _BIAS = _WEIGHTS[-5:]


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
        found = {text: self._known[text] for text in texts if text in self._known}
        new = list(dict.fromkeys(text for text in texts if text not in found))
        read = await asyncio.to_thread(lambda: [read_words(text) for text in new]) if new else []
        found |= zip(new, await self._decided(read), strict=True)
        self._known |= found
        while len(self._known) > KEPT:  # perhaps of what others wait for: they have their own
            self._known.popitem(last=False)
        return [found[text] for text in texts]

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
        texts = list(dict.fromkeys(text for _, said, around in doubts for text in (said, around)))
        rows = {text: row for row, text in enumerate(texts)}
        embeddings = (await self._embedder.embed(texts, kind="document")).astype(np.float64)
        said = embeddings[[rows[said] for _, said, _ in doubts]]
        around = embeddings[[rows[around] for _, _, around in doubts]]
        return [bool(odds > above) for odds in log_odds(said, around, [said for _, said, _ in doubts])]


def log_odds(said: NDArray[np.float64], around: NDArray[np.float64], sentences: Sequence[str]) -> NDArray[np.float64]:
    """That each sentence is for a model: a logistic regression on embeddings [sentences, dimension]."""
    likeness = (said * around).sum(axis=1)
    asks = np.array([sentence.rstrip().endswith("?") for sentence in sentences], dtype=float)
    length = np.array([min(len(sentence.split()), 40) / 20 for sentence in sentences])
    of_form = _LIKENESS * likeness + _ASKS * asks + _ASKS_ALIKE * asks * likeness + _LENGTH * length
    return np.asarray(said @ _WEIGHTS[:-5] + of_form + _BIAS)
