"""Asks the index once more, in other words, where the first search found too little."""

import re
from collections.abc import Sequence

import msgspec

from footnote.modules.retrieval import Passage, SearchQuery
from footnote.platform.stop_words import STOP_WORDS

WORD = re.compile(r"\w+(?:[.,'’&/-]\w+)*")
SMOOTHING = 60  # of reciprocal ranks; Cormack et al., Reciprocal Rank Fusion, 2009


def loosened(query: SearchQuery) -> SearchQuery | None:
    """Only the words that carry meaning, and twice as many passages; None if that would ask the same again."""
    words = [word for word in WORD.findall(query.text) if word.casefold() not in STOP_WORDS]
    text = " ".join(words)
    if not words or text.casefold() == query.text.strip(" ?.!").casefold():
        return None
    return msgspec.structs.replace(query, text=text)


def merged(first: Sequence[Passage], others: Sequence[Sequence[Passage]], most: int) -> tuple[Passage, ...]:
    """The passages of all searches by their reciprocal ranks, each once as it was first found."""
    found: dict[str, Passage] = {}
    scores: dict[str, float] = {}
    for passages in (first, *others):
        for rank, passage in enumerate(passages):
            found.setdefault(passage.id, passage)
            scores[passage.id] = scores.get(passage.id, 0.0) + 1 / (SMOOTHING + rank)
    return tuple(sorted(found.values(), key=lambda passage: -scores[passage.id])[:most])
