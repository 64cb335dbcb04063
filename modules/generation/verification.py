"""Decides whether a sentence is supported by the text that it cites."""

import re
from collections.abc import Sequence
from typing import Protocol

from footnote.modules.generation.words import folded_words, stands_in

COVERAGE = 0.8  # share of a sentence's words that must stand in the evidence
NEGATION = re.compile(r"^(?:no|not|never|none|neither|nor|without|cannot|\w+n['’]t)$")
DIGIT = re.compile(r"\d")


class Verifier(Protocol):
    async def is_supported(self, sentence: str, evidence: Sequence[str]) -> bool:
        """Whether the texts of `evidence`, taken together, say what `sentence` says; never without evidence."""
        ...


class LocalVerifier:
    """Accepts what is quoted, and what is nearly quoted if all its numbers and negations agree."""

    def __init__(self, *, coverage: float = COVERAGE) -> None:
        self._coverage = coverage

    async def is_supported(self, sentence: str, evidence: Sequence[str]) -> bool:
        words = folded_words(sentence)
        texts = [folded_words(text) for text in evidence]
        return bool(words) and (any(stands_in(words, text) for text in texts) or self._is_near(words, texts))

    def _is_near(self, words: Sequence[str], texts: Sequence[Sequence[str]]) -> bool:
        there = {word for text in texts for word in text}
        covered = sum(word in there for word in words) / len(words)
        return covered >= self._coverage and _numbers(words) <= there and _is_negated(words) == _is_negated(there)


def _numbers(words: Sequence[str]) -> set[str]:
    return {word for word in words if DIGIT.search(word)}


def _is_negated(words: Sequence[str] | set[str]) -> bool:
    return any(NEGATION.match(word) for word in words)
