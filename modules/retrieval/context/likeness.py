"""How alike two texts are, by the pieces that they share."""

import re
from collections.abc import Set as AbstractSet

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SIZE = 3  # words of a shingle
CHARACTERS = 5  # of a shingle of a script that writes no spaces
LONG_WORD = 12  # characters on average, from which on a text has no spaces

Shingles = AbstractSet[str | tuple[str, ...]]


def shingles(text: str) -> Shingles:
    """Each run of three words, or of five characters where words are not set apart.

    Source: Broder, On the resemblance and containment of documents, 1997.
    """
    words = WORD.findall(text.casefold())
    if sum(map(len, words)) > LONG_WORD * len(words):
        joined = "".join(words)
        return {joined[place : place + CHARACTERS] for place in range(max(1, len(joined) - CHARACTERS + 1))}
    return {tuple(words[place : place + SIZE]) for place in range(max(1, len(words) - SIZE + 1))}


def resemblance(one: Shingles, other: Shingles) -> float:
    """Jaccard's share of common shingles, in [0, 1]."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def numbers(text: str) -> frozenset[str]:
    return frozenset(NUMBER.findall(text))
