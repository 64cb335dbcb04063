"""Cuts a text into runs of words, codes and numbers, and words into letters and digits."""

import re
import unicodedata

# Letters of scripts that put no spaces between words, or few.
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff\u31f0-\u31ff"
HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
SOUTH_EAST = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1780-\u17d3"
# Vowel signs and the like, which Python does not count as parts of words.
MARKS = (
    "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0983\u09bc-\u09d7\u0a01-\u0dff"
    "\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ece\u1000-\u103f\u1780-\u17d3"
)
LETTER = rf"[^\W_]|[{MARKS}]"
_WORD = rf"[\w{MARKS}]+"
WORD = re.compile(rf"(?:{LETTER})+")
RUN = re.compile(rf"(?:§{{1,2}} ?)?{_WORD}(?:[-‐‑–./:@&,+]{_WORD})*[+#]{{0,2}}")
PIECE = re.compile(f"[{HAN}{KANA}{HANGUL}{SOUTH_EAST}]")
PIECES = re.compile(f"{PIECE.pattern}+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)+")
LETTERS = re.compile(rf"(?:(?!\d)(?:{LETTER}))+")
LETTERS_OR_DIGITS = re.compile(rf"\d+|(?:(?!\d)(?:{LETTER}))+")

# Soft hyphens and joiners; points of Hebrew and Arabic, which most leave out, and what stretches a word.
_SILENT = re.compile(
    "[\u00ad\u200b-\u200f\u2060\ufeff\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]+"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
# Signs above and below one letter, which Unicode puts in an order: that takes the square of their number.
_SIGN = r"[^\x00-\x7f\w\s]"
_TOO_MANY = re.compile(rf"({_SIGN}(?:{_SIGN}|[\uff9e\uff9f]){{99}})(?:{_SIGN}|[\uff9e\uff9f])+")
# Letters that are no letter with a sign to Unicode, and yet are written without it where a keyboard lacks them.
_PLAIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h"})


def folded(text: str) -> str:
    """Without case, width, ligatures and what is not seen."""
    if text.isascii():
        return text.lower()
    text = _TOO_MANY.sub(r"\1", _SILENT.sub("", _SURROGATES.sub(" ", text)))
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded if unicodedata.is_normalized("NFKC", folded) else unicodedata.normalize("NFKC", folded)


def plain(word: str) -> str:
    """Without diacritics, as people type who have no key for them."""
    if word.isascii():
        return word
    letters = (each for each in unicodedata.normalize("NFKD", word) if not 0x300 <= ord(each) <= 0x36F)
    return "".join(letters).translate(_PLAIN)


def runs(text: str) -> list[str]:
    """Of a folded text: words with what joins them ("10-q", "3.14", "a.b@c.d"), and stretches without spaces."""
    return RUN.findall(text if text.isascii() else PIECES.sub(r" \g<0> ", text))
