"""Which stemmer a language has, and which words of it say nothing of what a text is about."""

import threading
from functools import lru_cache

import Stemmer

from footnote.platform.stop_words import STOP_WORDS

UNKNOWN = "en"  # in what a text is analysed whose language is not known
ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# Their own words are cut into pieces of a few characters; what else stands among them is mostly English.
IN_PIECES = frozenset({"ja", "km", "ko", "lo", "my", "th", "zh"})

_of_thread = threading.local()  # a stemmer must not be used by two threads at once


def analysis_language(language: str | None) -> str:
    """What chunks are counted under together; a region ("pt-BR") makes no difference."""
    return language.replace("_", "-").split("-")[0].lower() if language else UNKNOWN


def stem(word: str, language: str) -> str:
    """`word` as it is where the language has no stemmer."""
    stemmers = _of_thread.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        algorithm = ALGORITHMS.get(UNKNOWN if language in IN_PIECES else language)
        stemmers[language] = Stemmer.Stemmer(algorithm, 0) if algorithm else None
    stemmer = stemmers[language]
    return str(stemmer.stemWord(word)) if stemmer else word


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Folded, not stemmed."""
    return STOP_WORDS if language == "en" else frozenset()
