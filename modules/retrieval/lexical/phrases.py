"""Phrases in quotes, which have to stand in what is found as they are."""

import re

from footnote.modules.retrieval.lexical.tokens import LETTER, PIECE, folded

LONGEST = 200  # characters
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"), ("＂", "＂"))
_QUOTED = re.compile("|".join(f"{begin}([^{begin}{ends}]{{1,{LONGEST}}})[{ends}]" for begin, ends in _QUOTES))
_BETWEEN_WORDS = re.compile(rf"(?:(?!{LETTER})[^+#])+")


def phrases(text: str) -> list[str]:
    """What stands in quotes, as typed.

    Quotes around nothing that is a word do not count, nor do those around one word of a sentence: they set it apart,
    and ask for no passage that has it.
    """
    quoted = ["".join(groups).strip() for groups in _QUOTED.findall(text)]
    if not quoted:
        return []
    least = 2 if _even(_QUOTED.sub(" ", text)) else 1  # words
    return [phrase for phrase in quoted if len(_even(phrase).split()) >= least]


def holds(phrase: str, text: str) -> bool:
    """Whether the words of `phrase` stand in `text` side by side; case, width, hyphens and full stops do not matter."""
    return _bounded(phrase) in _bounded(text)


def _bounded(text: str) -> str:
    return f" {_even(text)} "


def _even(text: str) -> str:
    """Words with one space between them, and around each letter of scripts that put none."""
    return _BETWEEN_WORDS.sub(" ", PIECE.sub(r" \g<0> ", folded(text))).strip()
