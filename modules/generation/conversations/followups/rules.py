"""Follow-ups by rules: they know a few hundred words of four languages, and leave alone what they do not understand."""

import re

from footnote.modules.generation.conversations.followups.markers import ENGLISH, MARKERS, Markers
from footnote.modules.generation.conversations.followups.names import names_in
from footnote.modules.generation.conversations.followups.pointing import Pointing, attached
from footnote.modules.generation.conversations.followups.substituting import Substitution
from footnote.modules.generation.conversations.followups.times import TIME, relative
from footnote.modules.generation.conversations.reading import Exchange
from footnote.platform.language import language_of

LONGEST = 400  # characters of a question before that is repeated, and of one that may be a follow-up
FEW = 6  # words of a question that names only what is to be put in
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def resolved(question: str, before: Exchange) -> str | None:
    """`question` made to stand alone after `before`; nothing where it already does."""
    text = " ".join(question.split())
    asked = " ".join(before.standalone.split())
    if len(text) > LONGEST or not asked:
        return None
    language = _language(text, asked)
    answer = "" if before.abstained else before.answer
    return _FollowUp(text, asked[:LONGEST], answer, language, MARKERS.get(language, ENGLISH)).resolved()


class _FollowUp:
    def __init__(self, text: str, before: str, answer: str, language: str, markers: Markers) -> None:
        self._text = text
        self._bare = text.strip("¿?¡!. ")
        self._before = before
        self._language = language
        self._markers = markers
        self._substitution = Substitution(before, answer, language, markers)
        self._pointing = Pointing(before, answer, language, markers)

    def resolved(self) -> str | None:
        if self._markers.bare.fullmatch(self._bare):
            return self._after()
        opener = self._markers.openers.match(self._bare)
        rest = self._bare[opener.end() :].strip() if opener else self._bare
        if not self._is_clause(rest):
            return self._fragment(rest) if opener or self._is_short(rest) else None
        return self._pointed(rest, is_opened=opener is not None)

    def _fragment(self, rest: str) -> str | None:
        if not rest:
            return None
        return self._substitution.of(rest) or self._after()

    def _pointed(self, rest: str, *, is_opened: bool) -> str | None:
        question = self._text if not is_opened else self._as_question(rest)
        if pointers := self._pointing.pointers(question):
            return self._pointing.said(question, pointers) or self._after()
        if is_opened and not names_in(rest, self._language, self._markers) and len(_WORD.findall(rest)) <= FEW:
            topic = self._pointing.topic()
            return attached(question, topic) if topic else self._after()
        return None

    def _is_clause(self, rest: str) -> bool:
        """Whether it asks by itself, and does not just name something."""
        words = [word.group().casefold() for word in _WORD.finditer(rest)]
        if not words or relative(rest, self._markers):
            return False
        first = words[1] if words[0] in self._markers.prepositions and len(words) > 1 else words[0]
        return ((first in self._markers.asking or first.split("-")[0] in self._markers.asking) and len(words) > 1) or (
            len(words) > FEW
        )

    def _is_short(self, rest: str) -> bool:
        """Without an opener, only what can hardly be a question of its own is put into the one before."""
        words = _WORD.findall(rest)
        is_asked = self._text.endswith("?")
        if "," in rest or any(word.casefold() in self._markers.asking for word in words[1:]):
            return False
        if TIME.fullmatch(rest) or relative(rest, self._markers):
            return True
        if words and words[0].casefold() in self._markers.prepositions:
            return len(words) <= FEW and (is_asked or len(words) <= 3)
        return is_asked and len(words) <= 3

    def _after(self) -> str:
        """The question before, and this one."""
        before = self._before if self._before[-1] in "?.!" else f"{self._before}?"
        return f"{before} {self._text}"

    def _as_question(self, rest: str) -> str:
        mark = "¿" if self._text.startswith("¿") else ""
        end = self._text[len(self._text.rstrip("?!. ")) :]
        return f"{mark}{rest[:1].upper()}{rest[1:]}{end}"


def _language(question: str, before: str) -> str:
    """That of the question, unless it is too short to tell."""
    own = language_of(question)
    if own in MARKERS and len(_WORD.findall(question)) > 3:
        return own
    shared = language_of(f"{before} {question}")
    return shared if shared in MARKERS else own or "en"
