"""Guesses the encoding of a text by the letters that its language has. Bytes have a meaning in too many encodings."""

import re

_LETTERS = {
    "de": "äöüß",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíñóúüªº",
    "pt": "ãõáâàçéêíóôúªº",
    "it": "àèéìòùî",
    "nl": "éëïöüèá",
    "sv": "åäöé",
    "da": "æøåé",
    "is": "áðéíóúýþæö",
    "ca": "àçèéíïòóúü",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîșțşţ",
    "hr": "čćđšž",
    "tr": "çğıiöşüâî",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "et": "äõöüšž",
}
_MARKS = frozenset("„“”‚‘’«»‹›–—…€£§°©®™·•¿¡²³½\u00a0\u00ad´")  # of any language
# By how common they are. ISO 8859-1 is contained in the first.
_LATIN = ("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "cp1257", "mac_roman", "cp850", "cp437", "cp852")
_JAPANESE = ("cp932", "euc_jp")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_MIN_KANA = 0.15  # share of what is not ASCII; Chinese has none
_RUNS = re.compile(rb"[\x80-\xff]+")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_MIN_ALONE = 0.6  # runs of one or two, and more of one; characters of Asia are pairs, if not more of them
_SPECIAL = re.compile(r"(.?)([^\x00-\x7f])(?=(.?))", re.DOTALL)
_SAMPLE = 20_000  # special characters


def latin_encoding(sample: bytes) -> str:
    """That in which the fewest characters are strange to one language; the commonest of those."""
    return min(_LATIN, key=lambda encoding: _strangers(sample.decode(encoding, errors="replace")))


def has_accents_only(sample: bytes) -> bool:
    """Whether what is not ASCII stands alone between what is, as in no script but the Latin one."""
    runs = _RUNS.findall(sample)
    return len(runs) > _MIN_ALONE * sum(map(len, runs)) and not _CONTROLS.search(sample)


def is_latin(text: str) -> bool:
    special = [character for character in text if not character.isascii() and character.isalpha()]
    return sum(character < "\u0250" for character in special) > 0.9 * len(special)


def japanese_encoding(sample: bytes) -> str | None:
    for encoding in _JAPANESE:
        text = sample.decode(encoding, errors="ignore")
        special = sum(not character.isascii() for character in text)
        is_clean = len(text.encode(encoding)) > 0.99 * len(sample)
        if special and is_clean and len(_KANA.findall(text)) > _MIN_KANA * special:
            return encoding
    return None


def _strangers(text: str) -> int:
    letters: list[str] = []
    strange = 0
    for before, character, after in _SPECIAL.findall(text)[:_SAMPLE]:
        if character in _MARKS:
            strange += before.isalpha() and after.isalpha() and character not in "’·\u00ad"
        elif character.isalpha():
            # A capital between small letters was something else.
            strange += character.isupper() and before.islower() and after.islower()
            letters.append(character.lower())
        else:
            strange += 1
    return strange + min(sum(letter not in alphabet for letter in letters) for alphabet in _LETTERS.values())
