"""A question as an FTS5 expression."""

import re

MAX_TERMS = 128  # each costs a pass over its list of chunks
WORD = re.compile(r"\w+")

STOP_WORDS = frozenset(
    WORD.findall("""
    a about above after again against all am an and any are as at be because been before being below between both but by
    can could did do does doing down during each few for from further had has have having he her here hers herself him
    himself his how i if in into is it its itself just me more most my myself no nor not now of off on once only or
    other our ours ourselves out over own same she should so some such than that the their theirs them themselves then
    there these they this those through to too under until up very was we were what when where which while who whom why
    will with would you your yours yourself yourselves
    """)
)


def match_expression(text: str) -> str | None:
    """Any of the words of `text`, stop words only if there is nothing else; None if there are no words.

    Every word is quoted, so nothing of the text is read as an operator. A word that comes twice counts twice.
    """
    words = WORD.findall(text.lower())
    telling = [word for word in words if word not in STOP_WORDS] or words
    return " OR ".join(f'"{word}"' for word in telling[:MAX_TERMS]) or None
