"""Phrases in quotes, which have to stand in what is found as they are."""

import re

from footnote.modules.retrieval.lexical.tokens import LETTER, PIECE, folded

LONGEST = 200  # characters
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"), ("＂", "＂"))
_QUOTED = re.compile("|".join(f"{begin}([^{begin}{ends}]{{1,{LONGEST}}})[{ends}]" for begin, ends in _QUOTES))
_BETWEEN_WORDS = re.compile(rf"(?:(?!{LETTER})[^+#])+")


def phrases(text: str) -> list[str]:
    """What stands in quotes, as typed; quotes around nothing that is a word do not count."""
    quoted = ("".join(groups).strip() for groups in _QUOTED.findall(text))
    return [phrase for phrase in quoted if _even(phrase)]


def holds(phrase: str, text: str) -> bool:
    """Whether the words of `phrase` stand in `text` side by side; case, width, hyphens and full stops do not matter."""
    return _bounded(phrase) in _bounded(text)


def _bounded(text: str) -> str:
    return f" {_even(text)} "


def _even(text: str) -> str:
    """Words with one space between them, and around each letter of scripts that put none."""
    return _BETWEEN_WORDS.sub(" ", PIECE.sub(r" \g<0> ", folded(text))).strip()
