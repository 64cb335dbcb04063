"""How close words of one text come to any word of another, by the embeddings of their tokens."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from footnote.platform.inference import Embedder, Embeddings, TokenEmbedder, Tokenizer

KEPT = 1024  # texts
KEPT_WORDS = 8192


class LocalModel(Embedder, TokenEmbedder, Protocol):
    """Embeds texts, and their tokens."""


Span = tuple[int, int]


class WordLikeness:
    """Remembers the embeddings of texts: sentences of an answer rest on the same few."""

    def __init__(self, embedder: LocalModel, tokenizer: Tokenizer) -> None:
        self._embedder = embedder
        self._tokenizer = tokenizer
        self._kept: OrderedDict[str, Embeddings] = OrderedDict()
        self._words: OrderedDict[str, Embeddings] = OrderedDict()

    def forget(self) -> None:
        """Nothing of any text stays in memory."""
        self._kept.clear()
        self._words.clear()

    async def of_words(self, words: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[list[float]]:
        """For each pair (words, others), of each word by itself its greatest cosine to one of the others, in [0, 1].

        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        wanted = list(dict.fromkeys(word for pair in words for some in pair for word in some))
        at_hand = {word: self._words[word] for word in wanted if word in self._words}
        new = [word for word in wanted if word not in at_hand]
        found = dict(zip(new, await self._embedder.embed(new, kind="query"), strict=True)) if new else {}
        at_hand |= found
        self._words |= found
        while len(self._words) > KEPT_WORDS:
            self._words.popitem(last=False)
        return [[_nearest(at_hand[word], [at_hand[o] for o in others]) for word in some] for some, others in words]

    async def of(self, texts: Sequence[tuple[str, str]], words: Sequence[Sequence[Span]]) -> list[list[float]]:
        """For each pair (text, other), of each of the text's `words` its greatest cosine in the other, in [0, 1].

        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        embedded = await self._embedded(dict.fromkeys(text for pair in texts for text in pair))
        return [
            [self._greatest(text, span, embedded[text], embedded[other]) for span in spans]
            for (text, other), spans in zip(texts, words, strict=True)
        ]

    async def _embedded(self, texts: Iterable[str]) -> dict[str, Embeddings]:
        wanted = list(texts)
        at_hand = {text: self._kept[text] for text in wanted if text in self._kept}
        new = [text for text in wanted if text not in at_hand]
        found = await self._embedder.embed_tokens(new, kind="query") if new else []
        for text, each in zip(new, found, strict=True):
            at_hand[text] = self._kept[text] = _unit(each.tokens)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return at_hand

    def _greatest(self, text: str, span: Span, own: Embeddings, others: Embeddings) -> float:
        places = [place for place, each in enumerate(self._tokenizer.spans(text)) if _overlap(each, span)]
        if not places or places[-1] >= len(own) or not len(others):
            return 0.0
        word = own[places].mean(axis=0)
        length = float(np.linalg.norm(word))
        return float(np.clip((others @ word).max() / length, 0.0, 1.0)) if length else 0.0


def _nearest(word: Embeddings, others: Sequence[Embeddings]) -> float:
    return float(np.clip(max((float(word @ other) for other in others), default=0.0), 0.0, 1.0))


def _unit(rows: Embeddings) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
