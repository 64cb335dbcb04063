"""Finds what the pronouns of a question point to, and says it in the question."""

import re
from collections.abc import Sequence

from footnote.modules.generation.conversations.followups.markers import Markers
from footnote.modules.generation.conversations.followups.markers.kinds import words as word_set
from footnote.modules.generation.conversations.followups.names import SHORT, Name, first_of, names_in

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_WHO = frozenset(("who", "whom", "wer", "wen", "quién", "quiénes", "qui"))
_WHICH = word_set("what which where welche welcher welches was wo cuál cuáles qué dónde quel quelle quels quelles où")
_DIRECT = frozenset(("he", "she", "it", "they", "him", "them", "his", "its", "their"))


class Pointing:
    """From one question to the turn before it."""

    def __init__(self, before: str, answer: str, language: str, markers: Markers) -> None:
        self._before = before
        self._answer = first_of(answer)
        self._language = language
        self._markers = markers

    def pointers(self, question: str) -> list[re.Match[str]]:
        """Those that point out of the question."""
        empty = [found.span() for found in self._markers.empty.finditer(question)]
        return [
            found
            for found in self._markers.pointers.finditer(question)
            if not any(start <= found.start() < end for start, end in empty)
            and not self._is_polite(found, question)
            and not self._points_inside(found, question)
        ]

    def said(self, question: str, pointers: Sequence[re.Match[str]]) -> str | None:
        """`question` with what they point to; nothing where that is not known."""
        names = self._names(pointers)
        if not names:
            return None
        first = pointers[0]
        word = first.group().casefold()
        if self._language == "en" and word in _DIRECT:
            mine = word in self._markers.possessive
            name = f"{names}'s" if mine else names
            return question[: first.start()] + name + question[first.end() :]
        return attached(question, names)

    def topic(self) -> str:
        """The names of the question before, for one that leaves out what it is about."""
        return ", ".join(dict.fromkeys(name.text for name in self._named(self._before)))

    def _names(self, pointers: Sequence[re.Match[str]]) -> str:
        asked = _WORD.search(self._before)
        first = asked.group().casefold() if asked else ""
        there = self._before.casefold()
        new = [
            name.text
            for name in self._named(self._answer)
            if name.text.casefold() not in there and (first not in _WHAT or not self._is_opening(name))
        ]
        old = [name for name in self._named(self._before) if name.before not in self._markers.places] or self._named(
            self._before
        )
        is_person = any(found.group().casefold() in self._markers.persons for found in pointers)
        is_amount = re.search(r"\d", self._answer) is not None
        if new and (first in _WHO or (first in _WHICH and not is_amount and not (first in _PLACES and old))):
            return new[0]
        if old:
            return old[0].text
        return new[0] if new and is_person else ""

    def _named(self, text: str) -> list[Name]:
        return names_in(text, self._language, self._markers)

    def _is_opening(self, name: Name) -> bool:
        """One word that begins a sentence has its capital for that alone, maybe."""
        words = [word.group().casefold() for word in _WORD.finditer(self._answer)]
        return name.start == 0 and " " not in name.text and len(words) > SHORT and words[1] not in _ARE

    def _is_polite(self, found: re.Match[str], question: str) -> bool:
        """German `Sie` and `Ihr` within a question speak to the reader."""
        return self._language == "de" and found.start() > 0 and found.group()[0].isupper()

    def _points_inside(self, found: re.Match[str], question: str) -> bool:
        """Whether something stands before it in the question that it may well mean."""
        words = [word.group() for word in _WORD.finditer(question, 0, found.start())]
        if self._language == "es":
            return self._is_named_anywhere(found, question)
        if not self._holds_noun(words):
            return False
        word = found.group().casefold()
        folded = [each.casefold() for each in words[1:]]
        is_clause = "," in question[: found.start()] or any(each in self._markers.clauses for each in folded)
        is_purpose = self._language == "en" and "to" in folded[:-1]
        return is_clause or is_purpose or word in self._markers.possessive or self._language == "fr"

    def _is_named_anywhere(self, found: re.Match[str], question: str) -> bool:
        """Spanish puts subjects after their verbs, and often leaves them out."""
        rest = question[: found.start()] + question[found.end() :]
        words = [word.group() for word in _WORD.finditer(rest)]
        articles = any(word.casefold() in self._markers.determiners for word in words)
        return articles or any(word[0].isupper() for word in words[1:])

    def _holds_noun(self, words: Sequence[str]) -> bool:
        """A name, or something with an article; in a clause of its own any longer word."""
        folded = [word.casefold() for word in words]
        if self._language == "de":
            return any(word[0].isupper() for word in words[1:])
        articles = any(word in self._markers.determiners for word in folded[1:-1] or folded)
        capital = any(word[0].isupper() for word in words[1:])
        longer = [word for word in folded if len(word) > 3 and word not in self._markers.asking]
        return articles or capital or len(longer) > 1 or (bool(longer) and bool(set(folded) & self._markers.clauses))


_WHAT = word_set("what where was wo qué dónde où how wie cuánto cuántos cuánta cuántas combien")
_ARE = word_set("is was are were ist war sind waren es fue son eran est était sont")
_PLACES = frozenset(("where", "wo", "dónde", "où"))


def attached(question: str, names: str) -> str:
    """Before the question mark, in brackets: no language has to bend it."""
    body = question.rstrip()
    mark = re.search(r"[\s?.!]*$", body)
    cut = mark.start() if mark else len(body)
    return f"{body[:cut]} ({names}){body[cut:]}"
