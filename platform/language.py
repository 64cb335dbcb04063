"""Guesses the language of a text, long or short, by its script and its function words."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection

from footnote.platform.function_words import FUNCTION_WORDS

SAMPLE = 20_000  # characters
_MIN_SHARE = 0.08  # of the words of a longer text that are function words of its language
_LONGER = 12  # words
_MIN_LEAD = 1.1  # of the best language over the next
_MIN_LEAD_OF_SHORT = 1.25
_MIN_SCORE = 0.9  # one word that only this language has, or some that several have

# A script that one language writes, or one before all others; those of several are told apart by their words.
_SCRIPTS = (
    ("ja", "\u3040-\u30ff"),
    ("ko", "\uac00-\ud7af\u1100-\u11ff"),
    ("zh", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff\u0750-\u077f"),
    ("th", "\u0e00-\u0e7f"),
    ("ru", "\u0400-\u04ff"),
    ("hi", "\u0900-\u097f"),
    ("bn", "\u0980-\u09ff"),
    ("ta", "\u0b80-\u0bff"),
    ("te", "\u0c00-\u0c7f"),
    ("lo", "\u0e80-\u0eff"),
    ("my", "\u1000-\u109f"),
    ("ka", "\u10a0-\u10ff"),
    ("km", "\u1780-\u17ff"),
    ("hy", "\u0530-\u058f"),
)
_OF_SCRIPT = {"ru": ("ru", "uk", "bg", "sr"), "ar": ("fa",)}
_RUNS = tuple((language, re.compile(f"[{script}]+")) for language, script in _SCRIPTS)
_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]+")
_WORD = re.compile(r"[^\W\d_]+")
# Letters that hardly any other language writes, for one whose endings do what function words do elsewhere.
_OWN_LETTERS = {"tr": re.compile("[ğı]")}
_LATIN_LANGUAGES = frozenset(FUNCTION_WORDS) - {"bg", "el", "fa", "he", "hi", "ru", "sr", "uk"}


def _weights() -> dict[str, dict[str, float]]:
    """Of each function word, for each language that has it: the fewer have it, the more it says."""
    having: dict[str, list[str]] = defaultdict(list)
    for language, words in FUNCTION_WORDS.items():
        for word in words:
            having[word].append(language)
    return {word: dict.fromkeys(languages, 1 / len(languages)) for word, languages in having.items() if _tells(word)}


def _tells(word: str) -> bool:
    """A Latin letter alone is more often an initial."""
    return len(word) > 1 or not word.isascii()


_WEIGHTS = _weights()


def language_of(text: str) -> str | None:
    """ISO 639-1, or nothing where the signs are too few or disagree."""
    sample = text[:SAMPLE].lower()
    script = _script(sample)
    words = _WORD.findall(sample)
    if script is None:
        return _by_words(words, _LATIN_LANGUAGES) or _by_letters(words)
    if script in _OF_SCRIPT:
        return _by_words(words, _OF_SCRIPT[script]) or script
    return script


def _script(sample: str) -> str | None:
    """The language of the script that most letters are of; nothing for Latin."""
    if sample.isascii():
        return None
    letters = sum(map(len, _WORD.findall(sample)))
    latin = sum(map(len, _LATIN.findall(sample)))
    if latin > 0.6 * letters:
        return None
    for language, script in _RUNS:
        found = sum(map(len, script.findall(sample)))
        # Japanese writes most of a text in Chinese characters, so less of its own will do.
        if found and found > letters * (0.1 if language == "ja" else 0.4):
            return language
    return None


def _by_letters(words: list[str]) -> str | None:
    for language, letters in _OWN_LETTERS.items():
        having = sum(letters.search(word) is not None for word in words)
        if having > max(1, _MIN_SHARE * len(words)):  # one may be a name
            return language
    return None


def _by_words(words: list[str], languages: Collection[str]) -> str | None:
    scores: dict[str, float] = defaultdict(float)
    found: dict[str, int] = defaultdict(int)
    for word, times in Counter(words).items():
        for language, weight in _WEIGHTS.get(word, {}).items():
            if language in languages:
                scores[language] += weight * times
                found[language] += times
    best, second, *_ = *sorted(scores, key=scores.__getitem__, reverse=True), "", ""
    is_long = len(words) > _LONGER
    is_rare = is_long and found[best] < _MIN_SHARE * len(words)
    lead = (_MIN_LEAD if is_long else _MIN_LEAD_OF_SHORT) * scores[second]
    return best if scores[best] >= _MIN_SCORE and scores[best] > lead and not is_rare else None
