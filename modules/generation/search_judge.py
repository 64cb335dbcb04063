"""Judges passages by what the search says of them: quick, for models that read them all the same."""

import math
import re
from collections.abc import Sequence

import msgspec

from footnote.modules.retrieval import Passage
from footnote.platform.language import language_of
from footnote.platform.stop_words import STOP_WORDS

WORD = re.compile(r"\w+")
LOOKED_AT = 5  # passages
SAMPLE = 1000  # characters of a passage whose language is guessed


class Signs(msgspec.Struct, frozen=True, kw_only=True):
    cosine: float  # of the passage that is nearest in meaning
    said: float  # share of the question's words that the best passage has
    lead: float  # of the nearest passage's cosine over the mean of all
    numbers: float  # how many of the question's numbers none of the best has
    names: float  # how many of its capitalised words none of the best has


# Logistic regression towards passages that hold a gold answer, on half of squad2-a (its unanswerable questions are
# written to look answerable) and, each counting a quarter, half of QED; README.md says what it is worth elsewhere.
BIAS = -1.515
WEIGHTS = Signs(cosine=0.508, said=0.647, lead=5.169, numbers=-1.097, names=-0.785)
UNREAD = 0.5  # where question and passages are of different languages, neither words nor the local model tell


class SearchJudge:
    """Implements `Judge`."""

    async def confidence(self, question: str, passages: Sequence[Passage]) -> float:
        if not passages:
            return 0.0
        found = signs(question, passages)
        if found is None:
            return UNREAD
        pairs = zip(msgspec.structs.astuple(WEIGHTS), msgspec.structs.astuple(found), strict=True)
        return 1 / (1 + math.exp(-BIAS - sum(weight * sign for weight, sign in pairs)))


def signs(question: str, passages: Sequence[Passage]) -> Signs | None:
    """None where nothing can be told."""
    best = passages[:LOOKED_AT]
    cosines = [passage.scores.dense for passage in passages if passage.scores.dense is not None]
    if not cosines or not _is_legible(question, best[0]):
        return None
    texts = [_words(f"{each.title} {' '.join(each.heading_path)} {each.text}") for each in best]
    there = set().union(*texts)
    asked = WORD.findall(question)
    words = {word.casefold() for word in asked} - STOP_WORDS
    names = {word.casefold() for word in asked[1:] if word[:1].isupper()} & words
    return Signs(
        cosine=max(cosines),
        said=max((len(words & text) / len(words) for text in texts), default=0.0) if words else 0.0,
        lead=max(cosines) - sum(cosines) / len(cosines),
        numbers=float(sum(any(map(str.isdigit, word)) for word in words - there)),
        names=float(len(names - there)),
    )


def _is_legible(question: str, passage: Passage) -> bool:
    asked, told = language_of(question), language_of(passage.text[:SAMPLE])
    return asked is None or told is None or asked == told


def _words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}
