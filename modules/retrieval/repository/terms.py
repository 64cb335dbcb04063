"""The words of a question."""

import re

from footnote.platform.stop_words import STOP_WORDS

MAX_TERMS = 128  # each costs a pass over its list of chunks
WORD = re.compile(r"\w+")

# FTS5 fixes k1 at 1.2; weighing every column by 2 is the same as k1 = 0.6 (but for a constant factor), which suits
# chunks. The evidence is in the README of the slice.
TEXT_WEIGHT = 2.0
HEADER_WEIGHT = 3.0


def telling_words(text: str) -> list[str]:
    """The words of `text` in order, stop words only if there is nothing else."""
    words = WORD.findall(text.lower())
    return ([word for word in words if word not in STOP_WORDS] or words)[:MAX_TERMS]


def match_expression(text: str) -> str | None:
    """Any of the telling words of `text`; None if there are no words.

    Every word is quoted, so nothing of the text is read as an operator. A word that comes twice counts twice.
    """
    return " OR ".join(f'"{word}"' for word in telling_words(text)) or None
