"""Pieces of a few characters: for scripts that put no spaces between words, and for parts of compounds."""

import re

from footnote.modules.retrieval.lexical.hashing import hash_of
from footnote.modules.retrieval.lexical.tokens import HAN, SOUTH_EAST

GRAM = 4
WINDOW = 3

_HAN = re.compile(f"[{HAN}]")
_SOUTH_EAST = re.compile(f"[{SOUTH_EAST}]")


def pieces(run: str) -> list[str]:
    """Pairs of neighbours; Chinese characters by themselves too, for many are words; of alphabets, three letters."""
    size = 3 if _SOUTH_EAST.match(run) else 2
    if len(run) == 1:
        return [run]
    return [*(run[at : at + size] for at in range(max(len(run) - size, 0) + 1)), *_HAN.findall(run)]


def grams(word: str) -> list[str]:
    """Four letters each, marked, so that none is taken for a word; nothing of words that are hardly longer.

    Of each three neighbours the one of the least hash: half of all, and yet any two words that share six letters in a
    row share one. Source: Schleimer, Wilkerson and Aiken, Winnowing, 2003.
    """
    if len(word) <= GRAM:
        return []
    found = [f"#{word[at : at + GRAM]}" for at in range(len(word) - GRAM + 1)]
    windows = [found[at : at + WINDOW] for at in range(max(len(found) - WINDOW, 0) + 1)]
    return list(dict.fromkeys(min(window, key=hash_of) for window in windows))
