"""Short forms and what they stand for, as the found passages themselves define them.

Only passages that the asker may read are looked at, so nothing is learnt from documents of others.
"""

import re
from collections.abc import Iterable, Mapping

BRACKETED = re.compile(r"\(([^\W_][\w.&/-]{0,9}?)s?\)")
WORD = re.compile(r"[^\W_][\w&/-]*")
MOST = 3  # expansions of one question


def definitions(texts: Iterable[str]) -> dict[str, str]:
    """Long forms by short form, the first that is found of each.

    Source: Schwartz and Hearst, A simple algorithm for identifying abbreviation definitions in biomedical text, 2003.
    """
    found: dict[str, str] = {}
    for text in texts:
        for bracket in BRACKETED.finditer(text):
            short = bracket.group(1)
            if _is_short_form(short) and (long := _long_form(short, text[: bracket.start()])):
                found.setdefault(short, long)
    return found


def expanded(question: str, known: Mapping[str, str]) -> str | None:
    """The question with the long forms of its short ones, and the other way round; None if there is nothing to add."""
    words, folded = set(WORD.findall(question)), question.casefold()
    added = [long for short, long in known.items() if short in words and long.casefold() not in folded]
    added += [short for short, long in known.items() if short not in words and _stands_in(long, folded)]
    return f"{question} {' '.join(added[:MOST])}" if added else None


def _stands_in(long: str, folded: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(long.casefold())}(?!\w)", folded) is not None


def _is_short_form(short: str) -> bool:
    return len(short) > 1 and sum(map(str.isupper, short)) > 1


def _long_form(short: str, before: str) -> str | None:
    """The end of `before` in which the characters of `short` stand in order, its first one at the start of a word."""
    characters = [character for character in short.casefold() if character.isalnum()]
    window = before[-(len(short) + 10) * 12 :]
    words = list(WORD.finditer(window))[-min(len(characters) + 5, 2 * len(characters)) :]
    if not words:
        return None
    place = len(window)
    for number, character in reversed(list(enumerate(characters))):
        place = window.casefold().rfind(character, words[0].start(), place)
        while number == 0 and place > 0 and window[place - 1].isalnum():
            place = window.casefold().rfind(character, words[0].start(), place)
        if place < 0:
            return None
    long = " ".join(window[place:].split())
    return long if len(long) > len(short) and short not in WORD.findall(long) and "\n\n" not in window[place:] else None
