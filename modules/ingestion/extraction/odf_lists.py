"""Styles of OpenDocument files: which paragraphs are titles, and how lists are numbered."""

from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from footnote.modules.ingestion.extraction.docx_lists import BULLET, written
from footnote.modules.ingestion.extraction.wordprocessing import attribute, name_of, number

_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none"}
_TITLES = frozenset({"Title", "Subtitle"})
_MAX_DEPTH = 16  # styles based on styles; a circle is possible in a broken file


class Level(NamedTuple):
    is_bullet: bool
    form: str
    prefix: str
    suffix: str
    shown: int  # how many levels the label shows
    start: int


class Styles:
    def __init__(self, styles: Iterable[etree._Element]) -> None:
        self._parents: dict[str, str] = {}
        self._lists: dict[str, dict[int, Level]] = {}
        for style in styles:
            name = attribute(style, "name") or ""
            if name_of(style) == "style":
                self._parents[name] = attribute(style, "parent-style-name") or ""
            elif name_of(style) in ("list-style", "outline-style"):
                self._lists[name] = {number(level, "level", 1) - 1: _level(level) for level in style}

    def is_title(self, name: str | None) -> bool:
        for _ in range(_MAX_DEPTH):
            if name in _TITLES:
                return True
            name = self._parents.get(name or "")
        return False

    def level(self, list_style: str, depth: int) -> Level | None:
        return self._lists.get(list_style, {}).get(depth)


class Counter:
    """The numbers of one list."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._counts: list[int] = []

    def label(self, list_style: str, depth: int, start: str | None = None) -> str:
        level = self._styles.level(list_style, depth)
        if level is None or level.is_bullet:
            return BULLET
        while len(self._counts) <= depth:
            self._counts.append(self._start(list_style, len(self._counts)) - 1)
        self._counts[depth] = int(start) if start and start.isdigit() else self._counts[depth] + 1
        del self._counts[depth + 1 :]
        shown = range(max(0, depth + 1 - level.shown), depth + 1)
        digits = (self._written(list_style, upper) for upper in shown)
        return level.prefix + ".".join(digit for digit in digits if digit) + level.suffix

    def _start(self, list_style: str, depth: int) -> int:
        level = self._styles.level(list_style, depth)
        return level.start if level else 1

    def _written(self, list_style: str, depth: int) -> str:
        level = self._styles.level(list_style, depth)
        return written(max(self._counts[depth], 0), _FORMS.get(level.form, "decimal") if level else "none")


def _level(element: etree._Element) -> Level:
    return Level(
        is_bullet=not name_of(element).endswith("number") and name_of(element) != "outline-level-style",
        form=attribute(element, "num-format") or "",
        prefix=attribute(element, "num-prefix") or "",
        suffix=attribute(element, "num-suffix") or "",
        shown=number(element, "display-levels", 1),
        start=number(element, "start-value", 1),
    )
