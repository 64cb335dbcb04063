"""What a sentence says once it is unwrapped: hidden signs, codes, letters apart, backwards, shifted."""

import base64
import binascii
import re
import string
import unicodedata
from collections.abc import Iterator

from footnote.platform.function_words import FUNCTION_WORDS

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{4}){5,}(?:[A-Za-z0-9+/]{2,3}={0,2})?(?![A-Za-z0-9+/])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[ :]?){12,}(?![0-9A-Za-z])")
_APART = re.compile(r"(?:(?<![^\W_])[^\W_][ ._\-*|]{1,3}){7,}[^\W_](?![^\W_])")
_ONE_BETWEEN = re.compile(r"(?<=[^\W_])[ ._\-*|](?=[^\W_](?![^\W_]))")
_LEET_WORD = re.compile(r"\b[a-z]*[a-z][013457@$]+[a-z]\w*\b", re.IGNORECASE)
_LEET_PART = re.compile(r"[a-z][013457@$]+[a-z]", re.IGNORECASE)  # stands in each of such words
_LEET = str.maketrans("013457@$", "oieastas")
_LONGEST_WORD = 26
_TOGETHER = re.compile(rf"[A-Za-z]{{{_LONGEST_WORD},}}")
_RUN_TOGETHER = re.compile(
    r"(?:ignore|disregard|forget)(?:all|any|the|your|my)*(?:previous|above|prior|earlier|preceding)|"
    r"in(?:your|the)(?:answer|response|reply|output)|systemprompt|yourinstructions|"
    r"(?:answer|respond|reply)(?:only)?(?:in|with|using)",
    re.IGNORECASE,
)
# Quotation marks and dashes of print beside plain letters, most of all that is not ASCII: nothing here changes them.
_TYPESET = re.compile(r"[\x00-\]_a-\x7f‘’“”–—]*")
_TAGS = re.compile(r"[\U000e0020-\U000e007e]+")
_LETTERS = re.compile(r"[A-Za-z]+")
_ENGLISH = FUNCTION_WORDS["en"]
_SHIFTS = [
    str.maketrans(lower + lower.upper(), (moved := lower[by:] + lower[:by]) + moved.upper())
    for lower in [string.ascii_lowercase]
    for by in range(1, 26)
]
_WORDS_NEEDED = 5
_FEW = 7  # words
_LONG = 15  # characters of one
_SAMPLE = 400  # characters


def readings(sentence: str) -> Iterator[str]:
    """What else it may say; nothing for nearly all sentences."""
    shown = unveil(sentence)
    if shown:
        yield shown
    yield from unwrapped(shown or sentence)


def unwrapped(sentence: str) -> Iterator[str]:
    """What it says if it is a code, or written letter by letter, or in another order."""
    # Few sentences get to the patterns, which take far longer than to look at the words.
    words = sentence.split()
    longest = max(map(len, words), default=0)
    are_short = len(words) > _FEW and len(sentence) < 3.5 * len(words)
    if are_short or longest >= _LONG:
        yield from _decoded(sentence)
        if _APART.search(sentence):
            yield re.sub(r"[ ._\-*|]{2,}", " ", _ONE_BETWEEN.sub("", sentence))
    if _LEET_PART.search(sentence) and len(_LEET_WORD.findall(sentence[:_SAMPLE])) >= 3:
        yield sentence.translate(_LEET)
    if len(words) >= _WORDS_NEEDED and _ANY_LANGUAGE.isdisjoint(sentence.lower().split()):
        yield from _shifted(sentence)


def runs_together(sentence: str) -> bool:
    """Whether an order stands in a word without spaces."""
    return len(sentence) >= _LONGEST_WORD and any(_RUN_TOGETHER.search(word) for word in _TOGETHER.findall(sentence))


def unveil(sentence: str) -> str | None:
    """Without signs that have no width, letters that look like others made plain, pictures left out.

    None if that is what it was.
    """
    if sentence.isascii():
        return None
    if _TYPESET.fullmatch(sentence):
        shown = " ".join(sentence.split())
        return shown if shown != sentence else None
    spelt = _TAGS.sub(lambda found: "".join(chr(ord(char) - 0xE0000) for char in found.group()), sentence)
    plain = unicodedata.normalize("NFKC", spelt)
    kept = (char for char in plain if unicodedata.category(char) not in {"Cf", "So", "Sk", "Co"})
    shown = " ".join("".join(kept).translate(_LOOKALIKES).split())
    return shown if shown != sentence else None


_LOOKALIKES = str.maketrans("асеіорухѕјԁһ", "aceiopyxsjdh")  # Cyrillic letters that Latin words are written with


def _decoded(sentence: str) -> Iterator[str]:
    for found in _BASE64.finditer(sentence):
        yield from _text(_unpacked(found.group()))
    for found in _HEX.finditer(sentence):
        yield from _text(bytes.fromhex(re.sub(r"[ :]", "", found.group())))


def _unpacked(code: str) -> bytes:
    try:
        return base64.b64decode(code + "=" * (-len(code) % 4))
    except binascii.Error:
        return b""


def _text(content: bytes) -> Iterator[str]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    if text.count(" ") >= 2 and text.isprintable():
        yield text


def _shifted(sentence: str) -> Iterator[str]:
    """Backwards, and every letter moved along the alphabet: only what then looks like English and did not before."""
    sample = sentence[:_SAMPLE]
    words = [word.lower() for word in _LETTERS.findall(sample)]
    if len(words) < _WORDS_NEEDED or _is_known(words):
        return
    backwards = sample[::-1]
    if _is_english(backwards):
        yield backwards
    if _is_english(words_backwards := " ".join(word[::-1] for word in sample.split())):
        yield words_backwards
    yield from (moved for shift in _SHIFTS if _is_english(moved := sample.translate(shift)))


def _is_english(text: str) -> bool:
    words = [word.lower() for word in _LETTERS.findall(text)]
    known = sum(word in _ENGLISH and len(word) > 1 for word in words)
    return known >= 2 and known >= 0.25 * len(words)


def _is_known(words: list[str]) -> bool:
    """Whether a function word of any language is among them: text as it should be."""
    return any(len(word) > 1 and word in _ANY_LANGUAGE for word in words)


_ANY_LANGUAGE = frozenset(word for listed in FUNCTION_WORDS.values() for word in listed)
