"""Names in questions and answers, as far as capitals tell."""

import re
from typing import NamedTuple

from footnote.modules.generation.conversations.followups.markers import MONTHS, Markers
from footnote.modules.generation.conversations.followups.markers.kinds import words
from footnote.platform.function_words import FUNCTION_WORDS
from footnote.platform.text import sentence_spans

_TOKEN = re.compile(r"[^\W_](?:[^\W_]|[-&.](?=[^\W_]))*")
_LINKS = frozenset(("of", "de", "von", "van", "der", "den", "&", "del", "la"))
_ORDERS = words(
    """
    list show tell describe explain compare name give find summarise summarize
    nenne zeige beschreibe erkläre vergleiche liste explica compara muestra dime explique décris montre
    """
)
SHORT = 3  # words of an answer that is hardly more than a name
_MONTHS = {language: frozenset(names.split()) for language, names in MONTHS.items()}
_WORDS = frozenset().union(*(FUNCTION_WORDS[language] for language in ("en", "de", "es", "fr")))


class Name(NamedTuple):
    text: str
    start: int
    end: int
    before: str  # the word before it, folded
    determiner: int  # where it begins with the article before it, if there is one


def names_in(text: str, language: str, markers: Markers) -> list[Name]:
    """In order. In German, where all nouns have capitals, those without an article, which names rarely have."""
    tokens = list(_TOKEN.finditer(text))
    found: list[Name] = []
    place = 0
    while place < len(tokens):
        end = _run(text, tokens, place)
        if end > place and (name := _name(text, tokens, place, end, language, markers)):
            found.append(name)
        place = max(end, place + 1)
    return found


def noun_phrases_in(text: str, markers: Markers) -> list[Name]:
    """For German: every noun with its article."""
    tokens = list(_TOKEN.finditer(text))
    return [
        _as_name(text, tokens, place, place + 1, markers)
        for place, token in enumerate(tokens)
        if place and token.group()[0].isupper() and token.group().casefold() not in _MONTHS["de"]
    ]


def _run(text: str, tokens: list[re.Match[str]], place: int) -> int:
    """The end of the capitalised words from `place`, words between them that belong to a name included."""
    end = place
    while end < len(tokens) and is_capital(tokens[end].group()) and (end == place or _are_near(text, tokens, end)):
        end += 1
        if end + 1 < len(tokens) and tokens[end].group() in _LINKS and is_capital(tokens[end + 1].group()):
            end += _are_near(text, tokens, end) and tokens[end].group() in {"of", "&", "van", "von"}
    return end


def _are_near(text: str, tokens: list[re.Match[str]], place: int) -> bool:
    return text[tokens[place - 1].end() : tokens[place].start()] in {" ", " & "}


def is_capital(word: str) -> bool:
    """Also "iPhone" and "eBay"."""
    has_one = word[0].isalpha() and any(map(str.isupper, word))
    return has_one and word.casefold() not in _WORDS and word.casefold() not in _ORDERS


def _name(text: str, tokens: list[re.Match[str]], place: int, end: int, language: str, markers: Markers) -> Name | None:
    name = _as_name(text, tokens, place, end, markers)
    has_article = name.determiner < name.start
    is_office = has_article and name.text.isupper()
    is_opening = place == 0 and end == 1 and len(tokens) > SHORT
    is_noun = language == "de" and (has_article or _is_counted(name.before) or is_opening)
    if is_office or is_noun or name.text.casefold() in _MONTHS.get(language, ()) or re.fullmatch(r"Q[1-4]", name.text):
        return None
    return name


def _as_name(text: str, tokens: list[re.Match[str]], place: int, end: int, markers: Markers) -> Name:
    start, stop = tokens[place].start(), tokens[end - 1].end()
    before = tokens[place - 1] if place else None
    word = before.group().casefold() if before else ""
    article = before.start() if before and word in markers.determiners else start
    return Name(text[start:stop], start, stop, word, article)


def _is_counted(word: str) -> bool:
    return word in {"viele", "wenige", "welche", "welcher", "welches", "welchen", "mehr"} or word.isdigit()


def first_of(answer: str) -> str:
    spans = sentence_spans(answer)
    return answer[slice(*spans[0])] if spans else ""
