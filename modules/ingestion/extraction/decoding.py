"""Bytes of unknown encoding to clean text."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import charset_normalizer

from footnote.modules.ingestion.extraction.alphabets import (
    has_accents_only,
    is_latin,
    japanese_encoding,
    latin_encoding,
)
from footnote.modules.ingestion.extraction.errors import NotText

_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_UNMARKED = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SAMPLE = 1 << 18  # bytes that a guess rests on
_CHUNK = 1 << 20  # bytes or characters read at once
_FEW = 0.001  # share of characters that may be broken in a text that is taken for UTF-8 all the same
_STRAY = 32  # control characters that any text may hold
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class Encoding(NamedTuple):
    name: str
    warnings: tuple[str, ...] = ()


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, with newlines and control characters cleaned, and a warning if the encoding had to be guessed.

    Raises:
        NotText: No encoding makes sense of it.
    """
    encoding = _certain(content) or _guessed(content, content.decode(errors="replace").count("\ufffd"), len(content))
    return _checked(content.decode(encoding.name, errors="replace")), encoding.warnings


def as_text(head: bytes) -> str:
    """The beginning of a file, good enough to tell what is in it; bytes of no known encoding as Latin-1."""
    marked = _marked(head) or _unmarked(head)
    if marked:
        return head.decode(marked, errors="replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.decode("latin-1")


def encoding_of(path: Path) -> Encoding:
    """How to decode the file, which is read in pieces; decode with `errors="replace"`.

    Raises:
        NotText: No encoding makes sense of it.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if marked := _marked(sample) or _unmarked(sample) or _escaped(sample):
        return Encoding(marked)
    broken, size = _broken_utf_8(path)
    return Encoding("utf-8") if not broken else _guessed(sample, broken, size)


def read_text(path: Path, encoding: Encoding) -> Iterator[str]:
    """The clean text of the file, in pieces of bounded size.

    Raises:
        NotText: It holds what no text does.
    """
    removed = read = 0
    with path.open(encoding=encoding.name, errors="replace", newline=None) as file:
        while piece := file.read(_CHUNK):
            cleaned = clean(piece)
            read += len(piece)
            removed += len(piece) - len(cleaned)
            if removed > max(_STRAY, read // 10):
                raise NotText("The file holds too many control characters to be text.")
            yield cleaned


def clean(text: str) -> str:
    """`text` with every line end as a newline, and without control characters other than newline and tab."""
    return _CONTROLS.sub("", _NEWLINES.sub("\n", text))


def _certain(content: bytes) -> Encoding | None:
    if marked := _marked(content) or _unmarked(content) or _escaped(content):
        return Encoding(marked)
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return Encoding("utf-8")


def _marked(content: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def _unmarked(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: it shows by zero bytes, which no other text holds."""
    sample = content[: 1 << 12]
    if sample.count(0) * 100 < len(sample):
        return None
    sample = sample[: len(sample) // 4 * 4]
    best = max(_UNMARKED, key=lambda encoding: _sense_in(sample, encoding))
    return best if _sense_in(sample, best) else None


def _escaped(content: bytes) -> str | None:
    """The Japanese of old mail, which passes for ASCII."""
    return "iso2022_jp_2" if b"\x1b$" in content[:_SAMPLE] and not _NOT_ASCII.search(content[:_SAMPLE]) else None


def _sense_in(sample: bytes, encoding: str) -> int:
    """How many characters are ASCII, spaces at least, if nearly all are of a kind that texts are made of."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return 0
    known = sum(character.isalnum() or character.isspace() or character.isascii() for character in text)
    is_text = known > 0.9 * len(text) and not _CONTROLS.search(text)
    return sum(map(str.isascii, text)) if is_text else 0


def _broken_utf_8(path: Path) -> tuple[int, int]:
    """How many characters of the file are not valid UTF-8, and of how many bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    broken = size = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            size += len(piece)
            broken += decoder.decode(piece).count("\ufffd")
    return broken + decoder.decode(b"", final=True).count("\ufffd"), size


def _guessed(content: bytes, broken: int, size: int) -> Encoding:
    if broken <= size * _FEW:
        return Encoding("utf-8", (f"{broken} characters are not valid UTF-8 and were replaced.",))
    name = _likely(content)
    return Encoding(name, (f"Read as {name}, which is a guess.",))


def _likely(content: bytes) -> str:
    first = _NOT_ASCII.search(content)
    start = max(0, first.start() - _SAMPLE // 8) if first else 0
    sample = content[start : start + _SAMPLE]
    if japanese := japanese_encoding(sample):
        return japanese
    if has_accents_only(sample):
        return latin_encoding(sample)
    best = charset_normalizer.from_bytes(sample).best()
    if best is None:
        raise NotText("The file is not text in any encoding that was tried. Save it as UTF-8 and upload it again.")
    return latin_encoding(sample) if is_latin(str(best)) else best.encoding


def _checked(text: str) -> str:
    cleaned = clean(text)
    removed = len(_NEWLINES.sub("\n", text)) - len(cleaned)
    if removed > max(_STRAY, len(text) // 10):
        raise NotText("The file holds too many control characters to be text.")
    return cleaned
