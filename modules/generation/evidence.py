"""Finds the span of a passage that best supports a sentence."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from operator import itemgetter
from unicodedata import category, east_asian_width

from footnote.modules.generation.words import fold, folded_words, position, word_spans
from footnote.platform.text import sentence_spans

Span = tuple[int, int]


def supporting_span(sentence: str, passage: str) -> Span | None:
    """Code point span in `passage`: the words themselves where they stand there, else the most similar sentences.

    None if they share no word.
    """
    words = folded_words(sentence)
    spans = word_spans(passage)
    there = [fold(passage[start:end]) for start, end in spans]
    found = position(words, there)
    if found is not None:
        return _with_punctuation(passage, spans[found][0], spans[found + len(words) - 1][1])
    return _similar_span(set(words), passage, spans, there) if not set(words).isdisjoint(there) else None


def _with_punctuation(text: str, start: int, end: int) -> Span:
    """The span, grown to the white space around it, or to the words around it where a script puts none between them."""
    while start > 0 and _belongs(text[start - 1], after=False):
        start -= 1
    while end < len(text) and _belongs(text[end], after=True):
        end += 1
    return start, end


def _belongs(char: str, *, after: bool) -> bool:
    """Whether a character beside a word goes with it; of Chinese and Japanese only the mark that closes or opens it."""
    if char.isspace():
        return False
    if east_asian_width(char) not in ("W", "F"):
        return True
    opens = category(char) in ("Ps", "Pi")
    return not opens and not char.isalnum() if after else opens


def _similar_span(words: Set[str], passage: str, spans: Sequence[Span], there: Sequence[str]) -> Span:
    """`there` are the words of the passage, at `spans`; some of them are among `words`."""

    def overlap(window: Span) -> float:
        first, last = (bisect_left(spans, edge, key=itemgetter(0)) for edge in window)
        said = set(there[first:last])
        return 2 * len(words & said) / (len(words) + len(said)) if words & said else 0.0

    return max(_windows(passage), key=overlap)


def _windows(passage: str) -> Iterator[Span]:
    """Each sentence, and each pair of neighbours: a sentence may draw on two."""
    spans = sentence_spans(passage)
    yield from spans
    for (start, _), (_, end) in pairwise(spans):
        yield start, end
