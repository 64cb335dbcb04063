"""Bytes of unknown encoding to clean text."""

import codecs
import re

import charset_normalizer

from footnote.modules.ingestion.extraction.errors import NotText

_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_SAMPLE = 1 << 18  # bytes that a guess rests on
_FEW = 0.001  # share of characters that may be broken in a text that is taken for UTF-8 all the same
_STRAY = 32  # control characters that any text may hold
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, with newlines and control characters cleaned, and a warning if the encoding had to be guessed.

    Raises:
        NotText: No encoding makes sense of it.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return clean(content.decode(encoding, errors="replace")), ()
    try:
        return _checked(content.decode()), ()
    except UnicodeDecodeError:
        text, warning = _guess(content)
        return _checked(text), (warning,)


def clean(text: str) -> str:
    """`text` with every line end as a newline, and without control characters other than newline and tab."""
    return _CONTROLS.sub("", _NEWLINES.sub("\n", text))


def _guess(content: bytes) -> tuple[str, str]:
    text = content.decode(errors="replace")
    broken = text.count("\ufffd")
    if broken <= len(text) * _FEW:
        return text, f"{broken} characters are not valid UTF-8 and were replaced."
    best = charset_normalizer.from_bytes(content[:_SAMPLE]).best()
    if best is None:
        raise NotText("The file is not text in any encoding that was tried.")
    return content.decode(best.encoding, errors="replace"), f"Read as {best.encoding}, which is a guess."


def _checked(text: str) -> str:
    cleaned = clean(text)
    removed = len(_NEWLINES.sub("\n", text)) - len(cleaned)
    if removed > max(_STRAY, len(text) // 10):
        raise NotText("The file holds too many control characters to be text.")
    return cleaned
