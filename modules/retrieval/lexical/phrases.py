"""Phrases in quotes, which have to stand in what is found as they are."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from footnote.modules.retrieval.lexical.tokens import LETTER, PIECE, folded

LONGEST = 200  # characters
MOST = 16  # of a question
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"), ("＂", "＂"))
_QUOTED = re.compile("|".join(f"{begin}([^{begin}{ends}]{{1,{LONGEST}}})[{ends}]" for begin, ends in _QUOTES))
_BETWEEN_WORDS = re.compile(rf"(?:(?!{LETTER})[^+#])+")


def phrases(text: str) -> list[str]:
    """What stands in quotes, as typed.

    Quotes around nothing that is a word do not count, nor do those around one word of a sentence: they set it apart,
    and ask for no passage that has it. Each is given once, and of very many the first ones.
    """
    quoted = dict.fromkeys("".join(groups).strip() for groups in _QUOTED.findall(text))
    if not quoted:
        return []
    least = 2 if _even(_QUOTED.sub(" ", text)) else 1  # words
    return [phrase for phrase in islice(quoted, MOST) if len(_even(phrase).split()) >= least]


def holds(phrase: str, text: str) -> bool:
    """Whether the words of `phrase` stand in `text` side by side; case, width, hyphens and full stops do not matter."""
    return all_held([phrase], [text])


def all_held(phrases: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether each of `phrases` stands in one of `texts`."""
    bounded = [f" {_even(text)} " for text in texts]
    return all(any(phrase in text for text in bounded) for phrase in map(_bounded, phrases))


@lru_cache(maxsize=4 * MOST)  # looked for in many texts
def _bounded(phrase: str) -> str:
    return f" {_even(phrase)} "


def _even(text: str) -> str:
    """Words with one space between them, and around each letter of scripts that put none."""
    return _BETWEEN_WORDS.sub(" ", PIECE.sub(r" \g<0> ", folded(text))).strip()
