"""The tokens of a sentence as they are compared: numbers by their value, names as names, other words by their stem."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal, NamedTuple

import Stemmer

from footnote.modules.generation.grounding.lexicon import (
    AUXILIARY,
    FRAME,
    IRREGULAR,
    OPENERS,
    PRONOUNS,
)
from footnote.modules.generation.grounding.measures import MONTHS, NUMBER_WORDS, SCALES, UNITS
from footnote.platform.stop_words import STOP_WORDS

Kind = Literal["number", "name", "word", "function"]

CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
TOKEN = re.compile(
    rf"(?P<number>(?:(?<![\w)\]])[-−])?\d+(?:[.,]\d+)*)"
    rf"|(?P<initials>(?:[A-Z]\.){{2,}}[A-Z]?)"
    rf"|(?P<cjk>[{CJK}])"
    rf"|(?P<word>[^\W\d_{CJK}]+(?:['’][^\W\d_{CJK}]+)*)"
    rf"|(?P<clause>[,;:()—]|--|\s[-–]\s)"
)
CURRENCY = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
ASIDE = re.compile(r"\([^()]*\)")
NUMERALS = frozenset("一二三四五六七八九十百千万亿零兩两萬億")
THOUSANDS = re.compile(r"[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
POSSESSIVE = re.compile(r"['’]s?$")
# Before these a number does not count anything, and `may` is no month.
_MAY_BE = frozenset({"may", "march", "mar", "mars", "sep", "second"})
_SPELLED = frozenset({*NUMBER_WORDS, "one", "a", "an"})  # what may be a number


class Token(NamedTuple):
    key: str  # equal keys mean the same
    kind: Kind
    text: str
    start: int  # code points of the sentence
    end: int
    unit: str = ""  # of a number: what it counts, `%`, a currency or nothing
    begins: bool = False  # the sentence or a clause of it
    lower: str = ""
    is_aside: bool = False  # in brackets

    @property
    def is_fact(self) -> bool:
        return self.kind in ("number", "name")


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    return tuple(_merged(list(_named(_single(text))), text))


def _single(text: str) -> Iterator[Token]:
    """With what stands in brackets marked."""
    begins, is_first = True, True
    inside = {place for match in ASIDE.finditer(text) for place in range(match.start() + 1, match.end())}
    for match in TOKEN.finditer(text):
        kind, word, (start, end) = match.lastgroup, match.group(), match.span()
        if kind == "clause":
            begins = True
            continue
        is_aside = start in inside
        if kind == "number":
            yield Token(_value(word), "number", word, start, end, _currency(text, start), begins, word, is_aside)
        elif kind == "cjk":
            sort: Kind = "number" if word in NUMERALS else "word"
            yield Token(word, sort, word, start, end, "", begins, word, is_aside)
        else:
            key, sort, lower = classified(word, begins, is_first)
            yield Token(key, sort, word, start, end, "", begins, lower, is_aside)
        begins = is_first = False


def _named(found: Iterable[Token]) -> Iterator[Token]:
    """With the small words of a name taken as parts of it: Carry On."""
    last: Token | None = None
    for token in found:
        is_part = last is not None and last.kind == "name" and token.start - last.end == 1 and token.text[0].isupper()
        last = token._replace(kind="name") if is_part and not token.begins else token
        yield last if token.kind == "function" else token


@lru_cache(maxsize=16384)
def classified(word: str, begins: bool, is_first: bool) -> tuple[str, Kind, str]:
    """Its key, its kind, and how it is written in lower case: what is costly to find out, and comes again and again."""
    lower = POSSESSIVE.sub("", word.casefold().replace("’", "'"))
    if word.count(".") > 1 or (len(word) > 1 and word.isupper() and word.isascii()):
        return word.replace(".", "").casefold(), "name", lower
    if lower in MONTHS and (lower not in _MAY_BE or word[0].isupper()) and not (is_first and lower in _MAY_BE):
        return f"month{MONTHS[lower]}", "name", lower
    is_titled = word[0].isupper() and not begins and len(word) > 2 and lower not in PRONOUNS and lower != "the"
    if _is_function(lower) and not is_titled:
        return IRREGULAR.get(lower, lower), "function", lower
    is_name = word[0].isupper() and not (is_first and _may_open(lower))
    key = lower if is_titled and _is_function(lower) else stem(lower)
    return key, "name" if is_name else "word", lower


def _is_function(lower: str) -> bool:
    return lower in STOP_WORDS or lower in AUXILIARY or lower in PRONOUNS or lower in FRAME or lower == "one"


def _may_open(lower: str) -> bool:
    """Whether a word with a capital at the beginning of a sentence is likelier no name."""
    return lower.endswith(("ly", "ing", "ed", "tion", "ments", "ment", "ness")) or lower in OPENERS


def stem(lower: str) -> str:
    known = IRREGULAR.get(lower)
    return str(_stemmer().stemWord(known if known else lower))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def _value(written: str) -> str:
    plain = written.replace("−", "-")
    plain = plain.replace(",", "") if THOUSANDS.fullmatch(plain) else plain
    try:
        return _number(Decimal(plain))
    except InvalidOperation:
        return plain


def _number(value: Decimal | int) -> str:
    return f"{Decimal(value).normalize():f}"


def _currency(text: str, start: int) -> str:
    before = text[:start].rstrip()[-1:] if start else ""
    return CURRENCY.get(before, "")


def _merged(found: Sequence[Token], text: str) -> Iterator[Token]:
    """Numbers in words become numbers, and what stands after a number (scale, percent, unit) a part of it."""
    place = 0
    while place < len(found):
        token = found[place]
        if token.kind != "number" and token.lower not in _SPELLED:
            yield token
            place += 1
            continue
        token, place = _spelled(found, place)
        if token.kind != "number" or token.text in NUMERALS:
            yield token
            continue
        while place < len(found) and found[place].lower in SCALES and _touches(token, found[place]):
            token = _times(token, found[place])
            place += 1
        token, place = _with_percent(token, found, place, text)
        unit = token.unit or _unit(found, place, token)
        yield token._replace(unit=unit) if unit else token


def _spelled(found: Sequence[Token], place: int) -> tuple[Token, int]:
    token = found[place]
    value = NUMBER_WORDS.get(token.lower)
    following = found[place + 1] if place + 1 < len(found) else None
    if token.lower in ("one", "a", "an") and following and following.lower in SCALES and _touches(token, following):
        return token._replace(key="1", kind="number"), place + 1
    if value is None or token.kind == "number":
        return token, place + 1
    units = NUMBER_WORDS.get(following.lower, 0 if following.lower != "one" else 1) if following else 0
    if following and value >= 20 and 0 < units < 10 and _touches(token, following):
        joined = token._replace(key=str(value + units), kind="number", text=f"{token.text}-{following.text}")
        return joined._replace(end=following.end), place + 2
    is_named = token.text[0].isupper() and not token.begins  # the Two Capitals
    return token._replace(key=str(value), kind="name" if is_named else "number"), place + 1


def _touches(token: Token, following: Token) -> bool:
    return following.start - token.end <= 1


def _times(token: Token, scale: Token) -> Token:
    try:
        key = _number(Decimal(token.key) * SCALES[scale.lower])
    except InvalidOperation:
        key = f"{token.key} {scale.lower}"
    return token._replace(key=key, end=scale.end)


def _with_percent(token: Token, found: Sequence[Token], place: int, text: str) -> tuple[Token, int]:
    if text[token.end : token.end + 2].strip()[:1] == "%":
        return token._replace(unit="%"), place
    words = [each.lower for each in found[place : place + 2]]
    if words[:1] in (["percent"], ["prozent"]):
        return token._replace(unit="%", end=found[place].end), place + 1
    if words == ["per", "cent"]:
        return token._replace(unit="%", end=found[place + 1].end), place + 2
    return token, place


def _unit(found: Sequence[Token], place: int, token: Token) -> str:
    following = found[place] if place < len(found) else None
    return UNITS.get(following.lower, "") if following and following.start - token.end <= 1 else ""
