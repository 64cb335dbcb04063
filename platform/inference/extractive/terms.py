"""The words of a text that say what it is about, in a form in which inflections meet."""

import re

from footnote.platform.stop_words import STOP_WORDS

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|\w+")
LEAST = 3  # characters that must stay of a word
ENDINGS = (("ies", "y"), ("ing", ""), ("ied", "y"), ("ed", ""), ("es", ""), ("s", ""), ("ly", ""))


def terms(text: str) -> list[str]:
    """Stems of the words in order, without stop words."""
    return [stem(word) for word in WORD.findall(text.lower()) if word not in STOP_WORDS]


def stem(word: str) -> str:
    """A lower-case English word without its commonest endings: `colonies` and `colony` meet in `colony`."""
    word = word.replace("’", "'").removesuffix("'s")
    return _without_e(_without_ending(word))


def _without_ending(word: str) -> str:
    for ending, instead in ENDINGS:
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= LEAST:
            return word.removesuffix(ending) + instead
    return word


def _without_e(word: str) -> str:
    return word[:-1] if word.endswith("e") and len(word) > LEAST + 1 else word
