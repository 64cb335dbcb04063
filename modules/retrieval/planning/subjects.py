"""Which long documents a question is about, by the names in it and how often the found passages speak of them."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from footnote.modules.retrieval.models import Passage
from footnote.modules.retrieval.planning.comparison import compared
from footnote.platform.stop_words import STOP_WORDS

WORD = re.compile(r"[^\W\d_]{2,}")
MOST = 16  # names
LONGEST = 60  # letters of one: each passage is searched for it
LONG = 2  # passages of a document on average, from which on they are parts of a longer text
PASSING = 0.25  # of the mentions in the document that has most; one with fewer mentions it in passing


def names(question: str) -> tuple[str, ...]:
    """The words with a capital, small; the first word has one anyway, so it counts only with another one."""
    words = WORD.findall(question)
    capital = [word for word in words[:1] if not word[1:].islower()]
    capital += [word for word in words[1:] if not word.islower()]
    folded = dict.fromkeys(word.lower() for word in capital)
    return tuple(name for name in folded if name not in STOP_WORDS and len(name) <= LONGEST)[:MOST]


def about(question: str, found: Sequence[Passage]) -> frozenset[str]:
    """Ids of the documents that speak of what the question names; none if that tells no documents apart.

    A report says once whose it is and then `we`: its best passages need not have the name, and passages of other
    reports look as good. Where documents are short each passage speaks for itself. What is compared is looked for each
    by itself: one report may name its company on every page, and the other hardly.
    """
    documents = {passage.document_id for passage in found}
    asked = names(question)
    if not asked or not found or not are_long(len(documents), len(found)):
        return frozenset()
    texts = [
        (passage.document_id, f"{passage.title}\n{' '.join(passage.heading_path)}\n{passage.text}".lower())
        for passage in found
    ]
    each_alone = [words for subject in compared(question) if (words := {*asked} & {*names(f"of {subject}")})]
    named = {each for words in each_alone or [{*asked}] for each in _speaking_of(words, texts)}
    return frozenset(named) if len(named) < len(documents) else frozenset()


def are_long(documents: int, passages: int) -> bool:
    """Whether documents are texts of several passages, by how many of so many passages there are."""
    return passages >= LONG * documents


def _speaking_of(words: Collection[str], texts: Sequence[tuple[str, str]]) -> set[str]:
    """Ids of documents, each with a text of it, that have more than a few of all `words`."""
    mentions: Counter[str] = Counter()
    for document_id, text in texts:
        mentions[document_id] += sum(_has_word(text, word) for word in words)
    most = max(mentions.values())
    return {each for each, count in mentions.items() if count >= max(1.0, PASSING * most)}


def _has_word(text: str, word: str) -> bool:
    """Whether it stands there by itself; a pattern takes ten times as long to look for it."""
    at = text.find(word)
    while at >= 0:
        if not _is_of_word(text[at - 1 : at]) and not _is_of_word(text[at + len(word) : at + len(word) + 1]):
            return True
        at = text.find(word, at + 1)
    return False


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"
