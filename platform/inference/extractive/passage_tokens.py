"""The tokens of passages with their embeddings, each token embedded in sight of the text around it."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embedder, Embeddings, TokenEmbedder, Tokenizer
from footnote.platform.text import sentence_spans

KEPT = 256  # texts; of 200 tokens each they take 80 MB
SPECIAL = 2  # tokens that the model adds to a text

Spans = NDArray[np.int64]


class ReadingModel(Embedder, TokenEmbedder, Protocol):
    """Embeds a text and its tokens in one run."""


class Window(NamedTuple):
    """A part of a passage that the model can see whole."""

    start: int
    end: int


class Tokens(NamedTuple):
    """Shared with others and not to be changed."""

    spans: Spans  # [tokens, 2]: code points of the text
    embeddings: Embeddings  # [tokens, dimension], rows of unit length

    def within(self, start: int, end: int) -> Embeddings:
        """Of the tokens in [start, end)."""
        first, last = np.searchsorted(self.spans[:, 0], (start, end))
        return self.embeddings[first:last]


class PassageTokens:
    """Remembers the last texts: good passages are read for many a question."""

    def __init__(self, model: ReadingModel, tokenizer: Tokenizer, *, kept: int = KEPT) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._kept = kept
        self._known: OrderedDict[str, Tokens] = OrderedDict()

    def windows(self, text: str) -> list[Window]:
        """Whole sentences as far as they go together; they cover all of them, in order."""
        return list(_windows(sentence_spans(text), self._tokenizer.spans(text), self._model.max_tokens - SPECIAL))

    async def question(self, text: str) -> Embeddings:
        """Rows of unit length, a token each.

        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        return _of_unit_length((await self._model.embed_tokens([text], kind="query"))[0].tokens)

    async def of(self, texts: Sequence[str]) -> list[Tokens]:
        """
        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        # What is known now may be forgotten for another question while the model is at work for this one.
        found = {text: self._known[text] for text in texts if text in self._known}
        if new := [text for text in dict.fromkeys(texts) if text not in found]:
            embedded = await self._model.embed_tokens(new, kind="document")
            spans = await asyncio.to_thread(lambda: [self._tokenizer.spans(text) for text in new])
            for text, places, each in zip(new, spans, embedded, strict=True):
                found[text] = _tokens(places, each.tokens)
        for text, tokens in found.items():
            self._keep(text, tokens)
        return [found[text] for text in texts]

    def forget(self) -> None:
        """Nothing of any text stays in memory."""
        self._known.clear()

    def _keep(self, text: str, tokens: Tokens) -> None:
        self._known[text] = tokens
        self._known.move_to_end(text)
        if len(self._known) > self._kept:
            self._known.popitem(last=False)


def _windows(sentences: Sequence[tuple[int, int]], tokens: Sequence[tuple[int, int]], limit: int) -> Iterator[Window]:
    starts = np.array([start for start, _ in tokens], np.int64)
    open_at, open_end = None, 0
    for start, end in sentences:
        if open_at is not None and np.diff(np.searchsorted(starts, (open_at, end)))[0] > limit:
            yield Window(open_at, open_end)
            open_at = None
        open_at, open_end = start if open_at is None else open_at, end
    if open_at is not None:
        yield Window(open_at, open_end)


def _tokens(spans: Sequence[tuple[int, int]], embeddings: Embeddings) -> Tokens:
    """A sentence too long for the model has more spans than embeddings."""
    count = min(len(spans), len(embeddings))
    return Tokens(np.array(spans[:count], np.int64).reshape(-1, 2), _of_unit_length(embeddings[:count]))


def _of_unit_length(rows: Embeddings) -> Embeddings:
    directions = np.zeros_like(rows)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, lengths, out=directions, where=lengths > 0)
    return directions
