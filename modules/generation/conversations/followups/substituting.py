"""Puts what a short follow-up names in the place of what the question before named."""

import re

from footnote.modules.generation.conversations.followups.markers import Markers
from footnote.modules.generation.conversations.followups.names import Name, is_capital, names_in, noun_phrases_in
from footnote.modules.generation.conversations.followups.times import TIME, relative, shifted

_LEADING_TIME = re.compile(
    r"^(?:(?:in|for|during|im|für|en|para|pour|durant)\s+(?:the\s+year\s+|jahr\s+|el\s+año\s+|l['’]année\s+)?)?",
    re.IGNORECASE,
)


class Substitution:
    """Into one question; `None` where nothing fits."""

    def __init__(self, before: str, answer: str, language: str, markers: Markers) -> None:
        self._before = before
        self._answer = answer
        self._language = language
        self._markers = markers

    def of(self, fragment: str) -> str | None:
        """`fragment` has neither its opener nor its question mark."""
        return self._time(fragment) or self._thing(fragment)

    def _time(self, fragment: str) -> str | None:
        if found := relative(fragment, self._markers):
            return self._shifted(fragment, *found)
        time = TIME.fullmatch(_LEADING_TIME.sub("", fragment, count=1))
        if time is None:
            return None
        there = TIME.search(self._before)
        return self._put(there.start(), there.end(), time.group()) if there else self._appended(fragment)

    def _shifted(self, fragment: str, unit: str, step: int) -> str | None:
        there = TIME.search(self._before)
        if there is None:
            years = {found.group() for found in TIME.finditer(self._answer)}
            time = shifted(years.pop(), unit, step) if len(years) == 1 else None
            return self._appended(f"({time})" if time else fragment)
        time = shifted(there.group(), unit, step)
        return self._put(there.start(), there.end(), time) if time else None

    def _thing(self, fragment: str) -> str | None:
        first, _, rest = fragment.partition(" ")
        if first.casefold() in self._markers.prepositions and rest:
            return self._placed(first.casefold(), fragment, rest)
        return self._named(fragment) or self._concerned(fragment) or self._asked_for(fragment)

    def _placed(self, preposition: str, fragment: str, rest: str) -> str | None:
        """In place of what has the same preposition, or, if it is no place, of another name."""
        same = next((name for name in self._nouns() if self._word_before(name) == preposition), None)
        if same is not None and self._is_name(rest):
            return self._put(same.determiner, same.end, rest)
        if self._is_name(rest) and (preposition not in self._markers.places or self._is_of_place()):
            return self._named(rest) or self._appended(fragment)
        return self._appended(fragment)

    def _named(self, fragment: str) -> str | None:
        if not self._is_name(fragment):
            return None
        name = self._replaceable()
        if name is None:
            return None
        first = fragment.partition(" ")[0].casefold()
        start = name.determiner if first in self._markers.determiners else name.start
        return self._put(start, name.end, fragment)

    def _concerned(self, fragment: str) -> str | None:
        """Both without an article, in place of what follows a preposition: "the fee for transfers"."""
        if self._bare(fragment) != fragment or len(fragment.split()) > 2:
            return None
        prepositions = "|".join(sorted(self._markers.prepositions))
        found = re.search(rf"\b(?:{prepositions})\s+([a-zß-ÿ]+)\s*\?*$", self._before, re.IGNORECASE)
        if found is None or found[1].casefold() in self._markers.determiners or found[1][0].isupper():
            return None
        return self._put(found.start(1), found.end(1), fragment)

    def _asked_for(self, fragment: str) -> str | None:
        """In place of the thing that the question asks for: "what was the profit of Acme"."""
        text = self._before.lstrip("¿ ")
        skipped = len(self._before) - len(text)
        head = self._markers.heads.search(text)
        if head is None:
            return None
        tail = re.compile(rf"\s+(?:{'|'.join(sorted(self._markers.prepositions))})\b|\s*[?,]|$", re.IGNORECASE)
        end = tail.search(text, head.end())
        if end is None or end.start() == head.end():
            return None
        return self._put(skipped + head.end(), skipped + end.start(), self._bare(fragment))

    def _replaceable(self) -> Name | None:
        names = names_in(self._before, self._language, self._markers)
        plain = [name for name in names if name.before not in self._markers.places]
        if names:
            return (plain or names)[0]
        nouns = self._nouns() if self._language == "de" else []
        return nouns[-1] if nouns else None

    def _nouns(self) -> list[Name]:
        names = names_in(self._before, self._language, self._markers)
        return names or (noun_phrases_in(self._before, self._markers) if self._language == "de" else [])

    def _word_before(self, name: Name) -> str:
        """Of the name with its article."""
        return self._before[: name.determiner].rstrip().rpartition(" ")[2].casefold()

    def _is_of_place(self) -> bool:
        """Whether the only name of the question is what a place would be put for: "inhabitants of Seville"."""
        return len(names_in(self._before, self._language, self._markers)) == 1 and not TIME.search(self._before)

    def _is_name(self, fragment: str) -> bool:
        bare = self._bare(fragment)
        if not is_capital(bare.partition(" ")[0]):
            return False
        return not (bare != fragment and bare.isupper()) and len(bare.split()) <= 5

    def _bare(self, fragment: str) -> str:
        first, _, rest = fragment.partition(" ")
        return rest if rest and first.casefold() in self._markers.determiners else fragment

    def _put(self, start: int, end: int, text: str) -> str:
        return self._before[:start] + text + self._before[end:]

    def _appended(self, fragment: str) -> str:
        body = self._before.rstrip()
        mark = re.search(r"[\s?.!]*$", body)
        cut = mark.start() if mark else len(body)
        return f"{body[:cut]} {fragment}{body[cut:] or '?'}"
