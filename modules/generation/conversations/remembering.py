"""Finds in a question what its asker wants to be remembered: "remember that I work in Munich"."""

import re
from typing import NamedTuple

from footnote.platform.text import sentence_spans

LONGEST = 1000  # characters
_REQUESTS = re.compile(
    r"""^\W*(?:
        (?:(?:please|kindly)\s+)?(?:(?:can|could|would)\s+you\s+)?(?:please\s+)?
        (?:remember|note|keep\s+in\s+mind|don['’]t\s+forget|make\s+a\s+note)(?:\s+for\s+(?:later|the\s+future))?
        (?:\s+that|\s*:)
      | (?:bitte\s+)?(?:merk(?:e)?\s+dir|merken\s+sie\s+sich|denk(?:e)?\s+daran|denken\s+sie\s+daran|vergiss\s+nicht)
        (?:\s+bitte)?(?:\s*,\s*dass|\s+dass|\s*:)
      | (?:por\s+favor,?\s+)?(?:recuerda|recuerde|no\s+olvides|ten\s+en\s+cuenta|anota)(?:\s+que|\s*:)
      | (?:s['’]il\s+(?:te|vous)\s+pla[iî]t,?\s+)?
        (?:rappelle-toi|rappelez-vous|souviens-toi|souvenez-vous|retiens|retenez|n['’]oublie\s+pas|note|notez)
        (?:\s+(?:que\s+|qu['’])|\s*:)
    )\s*(?P<what>.*\S)\s*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
ACKNOWLEDGEMENTS = {
    "en": "I will remember that.",
    "de": "Das merke ich mir.",
    "es": "Lo recordaré.",
    "fr": "Je m’en souviendrai.",
}


class Heard(NamedTuple):
    question: str  # without what is to be remembered
    remembered: str | None


def heard(text: str) -> Heard:
    """Only a sentence that begins with such a request is one, and only if it does not ask itself."""
    asked: list[str] = []
    remembered: list[str] = []
    for start, end in sentence_spans(text):
        found = None if text[start:end].endswith("?") else _REQUESTS.match(text[start:end])
        (remembered if found else asked).append(found["what"] if found else text[start:end])
    if not remembered:
        return Heard(text, None)
    return Heard(" ".join(asked), _clean(" ".join(remembered)))


def _clean(what: str) -> str:
    what = " ".join(what.split())[:LONGEST]
    return what[:1].upper() + what[1:]
