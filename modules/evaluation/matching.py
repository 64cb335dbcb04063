"""Whether an answer's words are a gold answer's."""

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

MAX_SENTENCES = 3
MAX_WORDS = 80

ARTICLES = re.compile(r"\b(a|an|the)\b")
WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


def cut_answer(text: str, sentence_ends: Sequence[int]) -> str:
    """The part of `text` that counts: its first 3 sentences, of those the first 80 words.

    `sentence_ends` are the offsets in `text` after each sentence, in order.
    """
    sentences = text[: sentence_ends[MAX_SENTENCES - 1]] if len(sentence_ends) > MAX_SENTENCES else text
    words = sentences.split()
    return sentences if len(words) <= MAX_WORDS else " ".join(words[:MAX_WORDS])


def contains_answer(text: str, gold: Iterable[str]) -> bool:
    """A gold answer stands in `text`, case and space folded; an empty one stands nowhere."""
    folded = _fold(text)
    return any(wanted in folded for wanted in map(_fold, gold) if wanted)


def exact_match(text: str, gold: Iterable[str]) -> bool:
    """Some gold answer has the same normalised words.

    Source: the official evaluation script of SQuAD 2.0.
    """
    return _squad_words(text) in map(_squad_words, gold)


def token_f1(text: str, gold: Iterable[str]) -> float:
    """The best harmonic mean of precision and recall of normalised words over the gold answers, in [0, 1].

    Source: the official evaluation script of SQuAD 2.0.
    """
    words = _squad_words(text)
    return max((_overlap_f1(words, _squad_words(wanted)) for wanted in gold), default=0.0)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _squad_words(text: str) -> list[str]:
    return ARTICLES.sub(" ", text.lower().translate(WITHOUT_PUNCTUATION)).split()


def _overlap_f1(words: list[str], wanted: list[str]) -> float:
    if not words or not wanted:
        return float(words == wanted)
    return 2 * (Counter(words) & Counter(wanted)).total() / (len(words) + len(wanted))
