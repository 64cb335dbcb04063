"""Guesses the language of a text by its script and its commonest words."""

import re
from collections import Counter

SAMPLE = 20_000  # characters
_MIN_WORDS = 5
_MIN_KINDS = 3  # different stop words
_MIN_SHARE = 0.08  # of the words that are stop words of the language

_STOP_WORDS = {
    "en": "the of and to in is that for it was on are as with be at by this from or have an which not but were",
    "de": "der die und das den von zu mit ist des im für nicht ein eine auf dem sich auch als werden sind bei oder",
    "fr": "le la les des et est que une dans pour qui sur pas au par plus avec ce sont du ne il cette aux ou",
    "es": "el la los las de que en un una por con para es del se no al como más su lo son este pero",
    "it": "il di che la un per non in una sono con del della si le dei da come al nel più gli anche alla",
    "pt": "de que do da em um para com não uma os no se na por mais as dos ao como mas das foi",
    "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als maar door bij naar wordt uit",
    "sv": "och att det som en på är av för med den till inte har de ett om var jag så men från vid eller kan",
    "da": "og det at en er som på de med den til af for ikke der et var har han jeg fra ved eller kan blev",
    "no": "og det som en er på av for med den til ikke har de et var fra jeg ved eller kan ble hun etter",
    "fi": "ja on ei se että oli hän mutta ovat kun niin myös joka tai kuin sen ole mukaan vain jos ne sekä",
    "pl": "na się nie do to jest że jak za od po ale przez są dla tym był oraz czy które jego",
    "cs": "na se je že do to jako za by ale po pro jsou které byl od tak nebo při",
    "hu": "az és hogy nem egy is ez meg csak de van volt már mint vagy ha el még azt ki kell minden után lehet",
    "ro": "și de în la cu pe nu este care din un că pentru mai se sunt sau ca prin dar fost ale au lui",
    "tr": "ve bir bu için ile da de olarak daha çok olan gibi en ne kadar sonra var ama değil olduğu ya her",
}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str | None:
    """ISO 639-1, or nothing where the signs are too few or disagree."""
    sample = text[:SAMPLE].lower()
    return _by_script(sample) or _by_words(_WORD.findall(sample))


def _by_script(sample: str) -> str | None:
    letters = sum(map(str.isalpha, sample))
    for language, script in _SCRIPTS:
        found = len(script.findall(sample))
        # Japanese writes most of a text in Chinese characters, so less of its own will do.
        if found >= _MIN_WORDS and found > letters * (0.1 if language == "ja" else 0.4):
            return language
    return None


def _by_words(words: list[str]) -> str | None:
    counts = Counter(words)
    scores = {language: _score(counts, stop_words.split()) for language, stop_words in _STOP_WORDS.items()}
    (best, language), (second, _) = sorted(((score, language) for language, score in scores.items()), reverse=True)[:2]
    is_clear = len(words) >= _MIN_WORDS and best >= len(words) * _MIN_SHARE and best > second
    return language if is_clear else None


def _score(counts: Counter[str], stop_words: list[str]) -> int:
    found = [counts[word] for word in stop_words if word in counts]
    return sum(found) if len(found) >= _MIN_KINDS else 0
