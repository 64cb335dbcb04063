"""Cuts a text into runs of words, codes and numbers."""

import re
import unicodedata

# Letters of scripts that put no spaces between words.
HAN_AND_KANA = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
SOUTH_EAST = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1780-\u17d3"
# Vowel signs and the like, which Python does not count as parts of words.
MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0dff"
)
_IN_PIECES = f"{HAN_AND_KANA}{HANGUL}{SOUTH_EAST}"
LETTER = rf"[^\W_]|[{MARKS}]"
_WORD = rf"(?:(?![{_IN_PIECES}])(?:{LETTER}))+"
RUN = re.compile(rf"{_WORD}(?:[-‐‑./:@&'’,+]{_WORD})*[+#]{{0,2}}|[{_IN_PIECES}]+")
WORD = re.compile(_WORD)
PIECES = re.compile(rf"[{_IN_PIECES}]")
_SILENT = {0xAD: None, 0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None, 0xFEFF: None}
_SURROGATES = re.compile("[\ud800-\udfff]")


def folded(text: str) -> str:
    """Without case, width, ligatures and what is not seen."""
    if text.isascii():
        return text.lower()
    text = _SURROGATES.sub(" ", text).translate(_SILENT)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def runs(text: str) -> list[str]:
    """Of a folded text: words with what joins them ("10-q", "3.14", "a.b@c.d"), and stretches without spaces."""
    return RUN.findall(text)
