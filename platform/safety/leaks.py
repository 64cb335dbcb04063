"""Sees whether a sentence gives away the instructions that a model was given."""

import re
from functools import lru_cache

from footnote.platform.safety.instructions.decoding import readings

RUN = 7  # words in a row that nobody writes by chance
LEAST = 6  # of a sentence that has no more; an abstention, which the instructions quote, has fewer
_WORD = re.compile(r"\w+")


def reveals(sentence: str, instructions: str) -> bool:
    """Whether it repeats seven words of the instructions in a row, also encoded or backwards.

    A shorter sentence counts if all of its words stand there in a row, and are six.
    """
    return any(_repeats(said, instructions) for said in (sentence, *readings(sentence)))


def _repeats(sentence: str, instructions: str) -> bool:
    words = _WORD.findall(sentence.lower())
    length = min(RUN, len(words))
    return length >= LEAST and not _runs(instructions, length).isdisjoint(_run_set(words, length))


@lru_cache(maxsize=64)
def _runs(instructions: str, length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(_run_set(_WORD.findall(instructions.lower()), length))


def _run_set(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
