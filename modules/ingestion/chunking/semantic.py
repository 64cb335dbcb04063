"""Chunks that end where the subject changes."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Protocol

import numpy as np

from footnote.modules.ingestion.chunking.families import headed, sentences
from footnote.modules.ingestion.chunking.part import Part
from footnote.modules.ingestion.chunking.sections import Section, Unit
from footnote.modules.ingestion.models import Extraction
from footnote.modules.retrieval import Chunk
from footnote.platform.inference import Embeddings, Tokenizer

REVISION = 1  # raise it when the same settings cut otherwise
_GROUP = 3  # sentences on either side that are compared
_TINY = 0.2  # of the room: too little to stand alone
_DECIMALS = 6


class SentenceEmbedder(Protocol):
    """Embeds where it is called, in a child process: picklable, and the same texts give the same bits."""

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """[len(texts), dimension], rows of unit length."""
        ...


class SemanticChunker:
    """Breaks where the sentences before and after differ most in meaning, within what a chunk may hold."""

    def __init__(
        self, tokenizer: Tokenizer, embedder: SentenceEmbedder, *, max_tokens: int = 256, percentile: float = 90.0
    ) -> None:
        """`max_tokens` counts all that is embedded; differences above the `percentile` of a part are breaks."""
        self._tokenizer = tokenizer
        self._embedder = embedder
        self._max_tokens = max_tokens
        self._percentile = percentile

    @property
    def signature(self) -> str:
        return f"semantic-{REVISION}/{self._max_tokens}/{self._percentile:g}/{self._embedder.name}"

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]:
        """The chunks in reading order; together they hold all of the text but white space and furniture."""
        part = Part(self._tokenizer, extraction, title, self._max_tokens)
        return part.finished([draft for run in part.runs() for draft in self._drafts(part, run)])

    def _drafts(self, part: Part, run: Sequence[Section]) -> Iterator[Chunk]:
        placed = [(section, unit) for section in headed(run) for unit in sentences(section)]
        units = [unit for _, unit in placed]
        rooms = [section.room - unit.lead for section, unit in placed]
        cutter = Cutter(units, rooms, self._differences(part, units))
        for first, last in cutter.cut(self._percentile):
            yield part.chunk(units[first].start, units[last - 1].end, placed[first][0].path)

    def _differences(self, part: Part, units: Sequence[Unit]) -> list[float]:
        """Between each unit and the next: cosine distance of the mean of some before and that of some after.

        Nothing parts headings from what follows them.
        """
        if len(units) < 2:
            return []
        embeddings = self._embedder.embed([part.text(unit.start, unit.end) for unit in units])
        found = differences(embeddings)
        return [0.0 if unit.is_heading else found[index] for index, unit in enumerate(units[:-1])]


def differences(embeddings: Embeddings) -> list[float]:
    sums = np.concatenate([np.zeros((1, embeddings.shape[1])), np.cumsum(embeddings, axis=0, dtype=np.float64)])
    cuts = np.arange(1, len(embeddings))
    before = sums[cuts] - sums[np.maximum(cuts - _GROUP, 0)]
    after = sums[np.minimum(cuts + _GROUP, len(embeddings))] - sums[cuts]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    cosines = np.einsum("ij,ij->i", before, after) / np.maximum(lengths, 1e-9)
    found: list[float] = np.round(1 - cosines, _DECIMALS).tolist()
    return found


Span = tuple[int, int]  # of units: the first, and the one after the last


class Cutter:
    """Finds the spans of units that become chunks."""

    def __init__(self, units: Sequence[Unit], rooms: Sequence[int], differences: Sequence[float]) -> None:
        """`rooms` are the tokens of a chunk that begins with the unit; `differences[i]` is that of unit i and i + 1."""
        self._rooms = rooms
        self._differences = differences
        self._sums = [0, *accumulate(unit.tokens for unit in units)]

    def cut(self, percentile: float) -> list[Span]:
        threshold = np.percentile(self._differences, percentile) if self._differences else 0.0
        breaks = [index + 1 for index, difference in enumerate(self._differences) if difference > threshold]
        spans = pairwise([0, *breaks, len(self._rooms)])
        return self._merged([piece for span in spans for piece in self._fitting(span)])

    def _fitting(self, span: Span) -> Iterator[Span]:
        """`span`, cut at its greatest differences until every piece fits."""
        pending = [span]
        while pending:
            first, last = pending.pop()
            if last - first == 1 or self._tokens(first, last) <= self._rooms[first]:
                yield first, last
            else:
                middle = self._best_cut(first, last)
                pending += [(middle, last), (first, middle)]

    def _best_cut(self, first: int, last: int) -> int:
        """Where the difference is greatest, among the cuts that leave no tiny piece, if there are such."""
        least = _TINY * self._rooms[first]
        cuts = range(first + 1, last)
        good = [cut for cut in cuts if min(self._tokens(first, cut), self._tokens(cut, last)) >= least]
        return max(good or cuts, key=lambda cut: (self._differences[cut - 1], -cut))

    def _merged(self, spans: Sequence[Span]) -> list[Span]:
        """Tiny pieces go with the neighbour that differs least, if both fit into one chunk."""
        merged: list[Span] = []
        for index, (first, last) in enumerate(spans):
            before = merged[-1] if merged else None
            joins = before and (self._is_tiny(*before) or self._is_tiny(first, last)) and self._fits(before[0], last)
            if before and joins and not self._rather_next(spans, index):
                merged[-1] = before[0], last
            else:
                merged.append((first, last))
        return merged

    def _rather_next(self, spans: Sequence[Span], index: int) -> bool:
        """A tiny piece is nearer to the one after it, and may join that."""
        first, last = spans[index]
        if index + 1 == len(spans) or not self._is_tiny(first, last):
            return False
        is_nearer = self._differences[last - 1] < self._differences[first - 1]
        return is_nearer and self._fits(first, spans[index + 1][1])

    def _is_tiny(self, first: int, last: int) -> bool:
        return self._tokens(first, last) < _TINY * self._rooms[first]

    def _fits(self, first: int, last: int) -> bool:
        return self._tokens(first, last) <= self._rooms[first]

    def _tokens(self, first: int, last: int) -> int:
        return self._sums[last] - self._sums[first]
