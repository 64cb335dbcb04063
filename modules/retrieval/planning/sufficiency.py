"""Whether a search found so little that asking in other words is worth a second one."""

import re
from collections.abc import Sequence

from footnote.modules.retrieval.models import Passage
from footnote.platform.stop_words import STOP_WORDS

WORD = re.compile(r"\w+")
LOOKED_AT = 3  # passages
UNLIKE = 0.35  # cosine of the local model; below it even the nearest passage is about something else
UNSAID = 0.5  # share of the question's words that the best passages lack


def is_too_little(question: str, found: Sequence[Passage]) -> bool:
    """Nothing, or nothing near in meaning that has half of the words either.

    Either sign alone is true of many questions that were answered well; the README gives the numbers.
    """
    best = found[:LOOKED_AT]
    if not best:
        return True
    nearest = max((passage.scores.dense for passage in found if passage.scores.dense is not None), default=None)
    if nearest is not None and nearest >= UNLIKE:
        return False
    words = {word for word in WORD.findall(question.casefold()) if word not in STOP_WORDS}
    there = set(
        WORD.findall(" ".join(f"{each.title} {' '.join(each.heading_path)} {each.text}" for each in best).casefold())
    )
    return len(words - there) > UNSAID * len(words)
