"""Finds the span of a passage that best supports a sentence."""

from collections.abc import Iterator
from itertools import pairwise

from footnote.modules.generation.words import folded_words, position, word_spans
from footnote.platform.text import sentence_spans

Span = tuple[int, int]


def supporting_span(sentence: str, passage: str) -> Span | None:
    """Code point span in `passage`: the words themselves where they stand there, else the most similar sentences.

    None if they share no word.
    """
    return _literal_span(sentence, passage) or _similar_span(sentence, passage)


def _literal_span(sentence: str, passage: str) -> Span | None:
    spans = word_spans(passage)
    words = folded_words(sentence)
    found = position(words, folded_words(passage))
    if found is None:
        return None
    return _with_punctuation(passage, spans[found][0], spans[found + len(words) - 1][1])


def _with_punctuation(text: str, start: int, end: int) -> Span:
    """The span, grown to the white space around it."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _similar_span(sentence: str, passage: str) -> Span | None:
    words = set(folded_words(sentence))

    def overlap(span: Span) -> float:
        there = set(folded_words(passage[span[0] : span[1]]))
        return 2 * len(words & there) / (len(words) + len(there)) if words & there else 0.0

    best = max(_windows(passage), key=overlap, default=None)
    return best if best and overlap(best) > 0 else None


def _windows(passage: str) -> Iterator[Span]:
    """Each sentence, and each pair of neighbours: a sentence may draw on two."""
    spans = sentence_spans(passage)
    yield from spans
    for (start, _), (_, end) in pairwise(spans):
        yield start, end
