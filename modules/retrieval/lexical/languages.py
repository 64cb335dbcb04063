"""Which stemmer a language has, and which words of it say nothing of what a text is about."""

import re
import threading
from functools import lru_cache

import Stemmer

from footnote.platform.function_words import FUNCTION_WORDS

UNKNOWN = "en"  # in what a text is analysed whose language is not known
OTHER = "xx"  # of all languages that nothing is known of
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
    "ne": "nepali",
    "nl": "dutch",
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

_FILLERS = {
    "zh": re.compile(
        "为什么|為什麼|什么|什麼|哪些|哪个|哪個|哪里|哪裡|哪种|哪位|多少|如何|怎么|怎樣|怎样|何时|何地|是否|[的了是在和与谁哪几吗呢及之被]"
    ),
    "ja": re.compile(
        "どのような|どのように|でしたか|ましたか|ですか|ますか|いくつ|どこ|いつ|どの|だれ|なぜ|とは|誰|何"
    ),
    "ko": re.compile("무엇입니까|무엇인가|무엇을|무엇|누구|언제|어디|어떻게|어떤|입니까|습니까"),
    "th": re.compile("อย่างไร|เท่าไหร่|เท่าไร|ทำไม|อะไร|ที่ไหน|เมื่อใด|เมื่อไหร่|ใคร|หรือไม่"),
}
_DECIMAL_POINT = frozenset({"en", "ga", "he", "hi", "ja", "km", "ko", "lo", "my", "ne", "ta", "th", "zh"})

_OTHER_NAMES = {
    "chi": "zh", "cmn": "zh", "deu": "de", "dut": "nl", "eng": "en", "fra": "fr", "fre": "fr", "ger": "de", "in": "id",
    "ita": "it", "iw": "he", "jpn": "ja", "kor": "ko", "nb": "no", "nld": "nl", "nn": "no", "por": "pt", "rus": "ru",
    "spa": "es", "wuu": "zh", "yue": "zh", "zho": "zh",
}  # fmt: skip
_KNOWN = ALGORITHMS.keys() | IN_PIECES | FUNCTION_WORDS.keys()

_of_thread = threading.local()  # a stemmer must not be used by two threads at once


@lru_cache(maxsize=1024)
def analysis_language(language: str | None) -> str:
    """What chunks are counted under together; a region ("pt-BR") makes no difference."""
    if not language:
        return UNKNOWN
    primary = language.replace("_", "-").split("-")[0].lower()
    name = _OTHER_NAMES.get(primary, primary)
    return name if name in _KNOWN else OTHER


def stem(word: str, language: str) -> str:
    """`word` as it is where the language has no stemmer."""
    stemmers = _of_thread.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        algorithm = ALGORITHMS.get(UNKNOWN if language in IN_PIECES else language)
        stemmers[language] = Stemmer.Stemmer(algorithm, 0) if algorithm else None
    stemmer = stemmers[language]
    return str(stemmer.stemWord(word)) if stemmer else word


def stop_words(language: str) -> frozenset[str]:
    """Folded, not stemmed."""
    return FUNCTION_WORDS.get(language, frozenset())


def without_fillers(text: str, language: str) -> str:
    """A folded question without the words that only ask, where words do not stand apart."""
    fillers = _FILLERS.get(language)
    return fillers.sub(" ", text) if fillers else text


def has_decimal_comma(language: str) -> bool:
    return language not in _DECIMAL_POINT


def has_compounds(language: str) -> bool:
    """Or endings that no stemmer takes off; of English, pieces of words say less than they mislead."""
    return language != "en" and language not in IN_PIECES
