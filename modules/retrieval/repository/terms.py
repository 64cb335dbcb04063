"""A question as an FTS5 expression."""

import re

from footnote.platform.stop_words import STOP_WORDS

MAX_TERMS = 128  # each costs a pass over its list of chunks
WORD = re.compile(r"\w+")


def match_expression(text: str) -> str | None:
    """Any of the words of `text`, stop words only if there is nothing else; None if there are no words.

    Every word is quoted, so nothing of the text is read as an operator. A word that comes twice counts twice.
    """
    words = WORD.findall(text.lower())
    telling = [word for word in words if word not in STOP_WORDS] or words
    return " OR ".join(f'"{word}"' for word in telling[:MAX_TERMS]) or None
