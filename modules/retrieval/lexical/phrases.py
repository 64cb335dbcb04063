"""Phrases in quotes, which have to stand in what is found as they are."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from footnote.modules.retrieval.lexical.codes import sizes
from footnote.modules.retrieval.lexical.tokens import LETTER, PIECE, folded

LONGEST = 200  # characters
MOST = 16  # of a question
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"), ("＂", "＂"))
_QUOTED = re.compile("|".join(f"{begin}([^{begin}{ends}]{{1,{LONGEST}}})[{ends}]" for begin, ends in _QUOTES))
_BEGINS_A_NAME = re.compile(r"(?<![\w.])\.(?=[^\W\d_])")
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
    """Whether the words of `phrase` stand in `text` side by side; case, width, hyphens and full stops do not matter.

    Nor does it by which sign a size is written. The full stop of ".NET" does matter.
    """
    return all_held([phrase], [text])


def all_held(phrases: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether each of `phrases` stands in one of `texts`."""
    wanted = [*map(_wanted, phrases)]
    even = _even_marked if any(has_marks for _, has_marks in wanted) else _even
    bounded = [f" {even(text)} " for text in texts]
    return all(any(phrase in text for text in bounded) for phrase, _ in wanted)


@lru_cache(maxsize=4 * MOST)  # looked for in many texts
def _wanted(phrase: str) -> tuple[str, bool]:
    """As it stands between words, and whether it has what only some phrases have: others are compared faster."""
    has_marks = _marked(folded(phrase)) != folded(phrase)
    return f" {_even_marked(phrase) if has_marks else _even(phrase)} ", has_marks


def _even(text: str) -> str:
    """Words with one space between them, and around each letter of scripts that put none."""
    return _BETWEEN_WORDS.sub(" ", PIECE.sub(r" \g<0> ", folded(text))).strip()


def _even_marked(text: str) -> str:
    return _even(_marked(folded(text)))


def _marked(text: str) -> str:
    """A folded text with its sizes apart, and a sign of words for the full stop that a name begins with."""
    _, apart = sizes(text) or ("", text)
    return _BEGINS_A_NAME.sub("#", apart)
