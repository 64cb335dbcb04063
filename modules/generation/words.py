"""Words as they are compared: case folded, white space and punctuation aside, numbers whole."""

import re
from collections.abc import Sequence

# A number keeps its sign, separators and percentage, so that 5.93 is not 593, -5 is not 5, and 5% is not 5.
WORD = re.compile(r"(?:(?<![\w)])[-−])?\d+(?:[.,]\d+)*%?|[^\W\d_]+(?:['’][^\W\d_]+)*|\w+")


def word_spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in WORD.finditer(text)]


def folded_words(text: str) -> list[str]:
    return [fold(match.group()) for match in WORD.finditer(text)]


def fold(word: str) -> str:
    return word.lower() if word.isascii() else word.casefold().replace("’", "'").replace("−", "-")


def stands_in(words: Sequence[str], text: Sequence[str]) -> bool:
    return position(words, text) is not None


def position(words: Sequence[str], text: Sequence[str]) -> int | None:
    """Where `words` stand in `text` one after the other, as an index into `text`."""
    if not words:
        return None
    first, size = words[0], len(words)
    starts = (index for index in range(len(text) - size + 1) if text[index] == first)
    return next((index for index in starts if list(text[index : index + size]) == list(words)), None)
