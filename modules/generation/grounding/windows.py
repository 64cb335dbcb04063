"""The sentences of passages, and which of them a sentence may rest on."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from footnote.modules.generation.grounding.tokens import Token, classified, tokens
from footnote.platform.text import sentence_spans

MOST_PIECES = 3  # sentences that may support one together
ENOUGH = 0.85  # share of the claim in one sentence from which on no other one could say the rest of it
FACT = 2.0  # worth of a name or number, where any other word of content is worth 1
# Said to whoever reads for somebody else: no evidence of anything, and neither is what follows a colon after it.
INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?]{0,60}\b(?:instructions?|prompts?|rules|above|previous|prior|question)\b"
    r"|\b(?:you (?:must|should|are to|will|need to)|please|now|always|instead|simply|immediately)\b[^.!?]{0,30}"
    r"\b(?:say|answer|reply|respond|output|claim|repeat) (?:only |exactly |just )?(?:that\b|with\b|:)"
    r"|\b(?:tell|inform|assure|remind) (?:the )?(?:user|reader|human|person|asker)s?\b"
    r"|(?:^|[.;:,]\s*|\b(?:and|then|always|must|please) )"
    r"(?:say|state|claim|answer|reply|respond|write|output|repeat|insist)"
    r" (?:only |exactly |just )?(?:that\b|with\b|:|[\"“'])"
    r"|\binclude the following\b[^.!?]{0,30}\b(?:answer|response|reply|output)\b"
    r"|\b(?:the |ai )assistant\b[^.!?]{0,20}\b(?:must|should|shall|has to|please)\b"
    r"|\b(?:system prompt|as an ai|ai (?:assistant|model)|language model)\b",
    re.IGNORECASE,
)
# Of each of the forms above a part in small letters: to find none of them takes an eighth of the time.
SIGNS = (
    "ignor", "disregard", "forget", "overrid", "say", "answer", "reply", "respond", "output", "claim", "repeat", "user",
    "reader", "human", "person", "asker", "state", "write", "insist", "include the following", "assistant",
    "system prompt", "as an ai", "ai model", "language model",
)  # fmt: skip
LOOKALIKES = re.compile("[ıİſ\u212a]")  # what counts as another letter where case does not count
QUOTED_SPEECH = re.compile(r"\b(?:said|says|saying|argued|wrote|writes)\b", re.IGNORECASE)


class Piece(NamedTuple):
    """A sentence of a passage."""

    passage: int
    number: int  # of the sentence in its passage
    start: int  # code points of the passage
    end: int
    tokens: tuple[Token, ...]
    keys: frozenset[str]
    is_planted: bool  # an instruction to the model


class Window(NamedTuple):
    """Sentences that support one together, in the order of their worth: the first is the one that it is about."""

    pieces: tuple[Piece, ...]


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[Piece, ...]:
    found = []
    for number, (start, end) in enumerate(sentence_spans(text)):
        written = text[start:end]
        split = tokens(written)
        keys = frozenset(token.key for token in split)
        found.append(Piece(0, number, start, end, split, keys, is_instruction(written)))
    return tuple(found)


def forget() -> None:
    """Nothing of any passage stays in memory."""
    _sentences.cache_clear()
    tokens.cache_clear()
    classified.cache_clear()


def is_instruction(sentence: str) -> bool:
    lower = sentence.lower()
    if not any(map(lower.__contains__, SIGNS)) and not LOOKALIKES.search(sentence):
        return False
    return INSTRUCTION.search(sentence) is not None and QUOTED_SPEECH.search(sentence) is None


def pieces(texts: Sequence[str]) -> list[Piece]:
    """What may be evidence, in order."""
    return [
        piece._replace(passage=passage) if passage else piece
        for passage, text in enumerate(texts)
        for piece in _sentences(text)
        if piece.tokens and not piece.is_planted
    ]


def worth(token: Token) -> float:
    return FACT if token.is_fact else 1.0


def windows(claim: Sequence[Token], found: Sequence[Piece]) -> Iterator[Window]:
    """The likeliest single sentences, then the best one with what its neighbours and others have beside it."""
    weights = {token.key: worth(token) for token in claim if token.kind != "function"}
    ranked = sorted(found, key=lambda piece: -_gain(weights, piece))
    ranked = [piece for piece in ranked[:2] if _gain(weights, piece) > 0]
    for piece in ranked:
        yield Window((piece,))
    if ranked and _gain(weights, ranked[0]) < ENOUGH * sum(weights.values()):
        whole = _with_others(ranked[0], weights, found)
        for size in range(2, len(whole) + 1):
            yield Window(tuple(whole[:size]))


def _gain(weights: dict[str, float], piece: Piece) -> float:
    return sum(weights[key] for key in weights.keys() & piece.keys) - 0.001 * piece.number


def _with_others(first: Piece, weights: dict[str, float], found: Sequence[Piece]) -> list[Piece]:
    chosen = [first]
    left = {key: weight for key, weight in weights.items() if key not in first.keys}
    while left and len(chosen) < MOST_PIECES:
        best = max(found, key=lambda piece: _gain(left, piece) + 0.1 * _is_next(piece, first))
        if best in chosen or _gain(left, best) <= 0:
            break
        chosen.append(best)
        left = {key: weight for key, weight in left.items() if key not in best.keys}
    return chosen


def _is_next(piece: Piece, other: Piece) -> bool:
    return piece.passage == other.passage and abs(piece.number - other.number) == 1
