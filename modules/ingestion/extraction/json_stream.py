"""Reads JSON of any size: values that fit into a window as a whole, larger ones member by member."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from footnote.modules.ingestion.extraction.errors import DamagedFile

WINDOW = 1 << 20  # characters
_MAX_STRING = 64 << 20  # characters
_MAX_DEPTH = 200  # of values that are larger than the window
_BLANKS = re.compile(r"[ \t\r\n]*")
# Numbers stay as they are written: what is cited must be the words of the file.
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)

Path = tuple[str | int, ...]


class Value(NamedTuple):
    """What stands at a path; the path of an item in a list ends with its number."""

    path: Path
    content: Any


class Stream:
    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._buffer = ""
        self._at = 0
        self._before = 0  # characters that are gone from the buffer
        self._is_read = False

    def values(self) -> Iterator[Value]:
        """The largest values that fit into the window, in their order.

        Raises:
            DamagedFile: From here on it is not JSON. What came before it was.
        """
        yield from self._value(())
        if self._peek():
            raise self._fault("there is more text after its end")

    def _value(self, path: Path) -> Iterator[Value]:
        first = self._peek()
        try:
            content, self._at = _DECODER.raw_decode(self._buffer, self._at)
            yield Value(path, content)
            return
        except json.JSONDecodeError as error:
            is_long = len(self._buffer) - self._at >= WINDOW // 2 and not self._is_over()
            if first == '"' and is_long:
                yield Value(path, self._long_string())
                return
            if first not in ("{", "[") or not is_long:
                self._at = max(self._at, error.pos)
                raise self._fault(error.msg) from error
        except RecursionError as error:
            raise self._fault("it nests too deeply") from error
        if len(path) >= _MAX_DEPTH:
            raise self._fault("it nests too deeply")
        yield from self._members(path) if first == "{" else self._items(path)

    def _members(self, path: Path) -> Iterator[Value]:
        self._at += 1
        while self._peek() != "}":
            try:
                key, self._at = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                raise self._fault("a name is missing") from error
            if self._peek() != ":":
                raise self._fault("a colon is missing")
            self._at += 1
            yield from self._value((*path, str(key)))
            self._comma("}")
        self._at += 1

    def _items(self, path: Path) -> Iterator[Value]:
        self._at += 1
        number = 0
        while self._peek() != "]":
            yield from self._value((*path, number))
            number += 1
            self._comma("]")
        self._at += 1

    def _comma(self, end: str) -> None:
        mark = self._peek()
        if mark == ",":
            self._at += 1
        elif mark != end:
            raise self._fault("a comma is missing")

    def _peek(self) -> str:
        """The next character that is not blank; nothing at the end."""
        while True:
            self._fill()
            blanks = _BLANKS.match(self._buffer, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._buffer) or self._is_read:
                return self._buffer[self._at : self._at + 1]

    def _fill(self) -> None:
        if self._is_read or len(self._buffer) - self._at >= WINDOW // 2:
            return
        pieces, length = [self._buffer[self._at :]], 0
        for text in self._texts:
            pieces.append(text)
            length += len(text)
            if length >= WINDOW:
                break
        else:
            self._is_read = True
        self._before += self._at
        self._buffer, self._at = "".join(pieces), 0

    def _is_over(self) -> bool:
        """Whether the buffer holds all there is."""
        if not self._is_read:
            text = next(self._texts, None)
            self._is_read = text is None
            self._buffer += text or ""
        return self._is_read

    def _long_string(self) -> str:
        while True:
            try:
                content, self._at = _DECODER.raw_decode(self._buffer, self._at)
                return str(content)
            except json.JSONDecodeError as error:
                length = len(self._buffer)
                while len(self._buffer) < 2 * length and not self._is_over():
                    pass
                if len(self._buffer) == length or length - self._at > _MAX_STRING:
                    raise self._fault("a string does not end") from error

    def _fault(self, what: str) -> DamagedFile:
        place = f"{self._before + self._at:,}"
        return DamagedFile(f"The file is not valid JSON: {what}, at character {place}. Correct it and upload it again.")
