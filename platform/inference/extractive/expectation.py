"""What kind of thing a question asks for, and whether a sentence has one."""

import re
from collections.abc import Collection
from typing import Literal

from footnote.platform.inference.extractive.terms import WORD, stem
from footnote.platform.stop_words import STOP_WORDS

Expectation = Literal["time", "number", "amount", "name", "reason", "anything"]

# The first that fits counts: `how many people who ...` asks for a number.
ASKED: tuple[tuple[Expectation, re.Pattern[str]], ...] = (
    ("reason", re.compile(r"^why\b", re.I)),
    ("time", re.compile(r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|date|day|month|century|decade|time)\b", re.I)),
    (
        "amount",
        re.compile(
            r"\bhow much\b"
            r"|\b(?:percentage|percent|amount|revenues?|income|profits?|margins?|costs?|expenses?|sales|prices?|rates?"
            r"|earnings|cash|assets|liabilities|inventor(?:y|ies)|goodwill|debt|equity)\b",
            re.I,
        ),
    ),
    (
        "number",
        re.compile(
            r"\bhow (?:many|long|old|far|tall|large|big|high|often|fast)\b|\b(?:number|population|total)\b",
            re.I,
        ),
    ),
    (
        "name",
        re.compile(
            r"\b(?:who|whom|whose|where)\b"
            r"|\b(?:what|which) (?:\w+ )?"
            r"(?:country|city|state|place|region|area|continent|island|town|river|location)\b",
            re.I,
        ),
    ),
    ("reason", re.compile(r"\bwhy\b|\b(?:what|which) (?:\w+ )?(?:reason|caused?)\b", re.I)),
)
YEAR = re.compile(r"\b(?:1\d{3}|20\d{2})\b")
CALENDAR = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|century|centuries|today)\b",
    re.I,
)
QUANTITY = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen"
    r"|half|third|quarter|percent|first|second)\b",
    re.I,
)
AMOUNT = re.compile(
    r"[$€£¥%]|\d[.,]\d"
    r"|\b(?:percent|per cent|hundreds?|thousands?|millions?|billions?|trillions?|dollars?|euros?|cents?)\b",
    re.I,
)
REASON = re.compile(
    r"\b(?:because|due to|since|so that|in order|as a result|therefore|to \w+|owing|reasons?|caus\w+|led to)\b", re.I
)
UNDECIDED = 0.5
BARE_NUMBER = 0.3  # a number that need not be a year


def expectation(question: str) -> Expectation:
    return next((kind for kind, pattern in ASKED if pattern.search(question)), "anything")


def agreement(kind: Expectation, sentence: str, question_terms: Collection[str]) -> float:
    """How sure `sentence` holds a thing of the kind, in [0, 1]; a name of the question itself is none."""
    match kind:
        case "time":
            return _time(sentence)
        case "number" | "amount":
            return float(bool(QUANTITY.search(sentence)))
        case "name":
            return float(any(_is_new_name(word, question_terms) for word in WORD.findall(sentence)[1:]))
        case "reason":
            return float(bool(REASON.search(sentence)))
        case "anything":
            return UNDECIDED


def states_amount(text: str) -> bool:
    """Not only a year, an ordinal or a count."""
    return AMOUNT.search(text) is not None


def _time(sentence: str) -> float:
    if YEAR.search(sentence) or CALENDAR.search(sentence):
        return 1.0
    return BARE_NUMBER if any(character.isdigit() for character in sentence) else 0.0


def _is_new_name(word: str, question_terms: Collection[str]) -> bool:
    lower = word.lower()
    return word[0].isupper() and lower not in STOP_WORDS and stem(lower) not in question_terms
