"""Pieces of a few characters, for scripts that put no spaces between words."""

import re

from footnote.modules.retrieval.lexical.tokens import HAN, SOUTH_EAST

_HAN = re.compile(f"[{HAN}]")
_SOUTH_EAST = re.compile(f"[{SOUTH_EAST}]")


def pieces(run: str) -> list[str]:
    """Pairs of neighbours; Chinese characters by themselves too, for many are words; of alphabets, three letters."""
    size = 3 if _SOUTH_EAST.match(run) else 2
    if len(run) == 1:
        return [run]
    return [*(run[at : at + size] for at in range(max(len(run) - size, 0) + 1)), *_HAN.findall(run)]
