"""Which documents a question is about, by the names in it."""

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from footnote.platform.inference import Source
from footnote.platform.inference.extractive.terms import WORD, stem, terms
from footnote.platform.stop_words import STOP_WORDS

DIGIT = re.compile(r"\d")
PASSING = 0.25  # of the mentions in the document that has most; one with fewer mentions it in passing
LONG = 2  # sources of a document on average, from which on they are parts of a longer text


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    sources: tuple[Source, ...]  # in which to look for an answer
    settled: frozenset[str] = frozenset()  # names that need not stand in a sentence: they say which document it is


def names(question: str) -> set[str]:
    """Stems of the capitalised words; the first word has a capital anyway."""
    words = WORD.findall(question)[1:]
    return {stem(word.lower()) for word in words if word[0].isupper() and word.lower() not in STOP_WORDS}


def scope(question: str, sources: Sequence[Source]) -> Scope:
    """The sources of those long documents that speak of what the question names.

    All sources if none does, or the question names nothing, or the documents are short. A report says once whose it is
    and then `we`: sentences about the right thing in the report of another company look as good as those in its own.
    """
    asked = frozenset(name for name in names(question) if name.isalpha() and len(name) > 1)  # not that of `Q3`
    mentions: Counter[str] = Counter()
    for source in sources:
        mentions[_series(source)] += sum(term in asked for term in terms(f"{source.title} {source.text}"))
    most = max(mentions.values(), default=0)
    if most == 0 or len(sources) < LONG * len({source.document for source in sources}):
        return Scope(sources=tuple(sources))
    named = tuple(source for source in sources if mentions[_series(source)] >= PASSING * most)
    present = {term for source in named for term in terms(f"{source.title} {source.text}")}
    return Scope(sources=named, settled=asked & present)


def _series(source: Source) -> str:
    """The title without its numbers: reports on one thing speak of it under titles that differ in a date.

    A title without numbers says nothing of the kind.
    """
    title = source.title.partition(" > ")[0]
    words = [word for word in terms(title) if word.isalpha()]
    return " ".join(words) if words and DIGIT.search(title) else source.document
