"""The numbers that Word shows before the paragraphs of its lists."""

from functools import cache
from typing import NamedTuple

from lxml import etree

from footnote.modules.ingestion.extraction.numerals import numeral
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, is_on, number

LEVELS = 9
_ROMAN = {"lowerRoman": "i", "upperRoman": "I"}
BULLET = "-"
_MAX_LETTERS = 780  # thirty times the alphabet: Word repeats the letter


class Place(NamedTuple):
    """A list and how deep in it; a list is a `num` of the numbering part."""

    list: str
    level: int  # from 0


class Numbering:
    """Counts through a document: `label` is asked for each paragraph of a list, in order."""

    def __init__(self, root: etree._Element | None) -> None:
        elements = [] if root is None else list(root)
        self._definitions = {attribute(e, "abstractNumId") or "": e for e in elements if _is(e, "abstractNum")}
        self._lists = {attribute(e, "numId") or "": e for e in elements if _is(e, "num")}
        self._by_style = {
            attribute(child(e, "styleLink"), "val"): key for key, e in self._definitions.items() if _has(e, "styleLink")
        }
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        self._shape = cache(self._find_shape)
        self._start = cache(self._find_start)

    def label(self, place: Place) -> str:
        """What Word shows: `-` for a bullet, the number in its form, or nothing."""
        definition = self._definition(place.list)
        counts = self._counts.setdefault(definition, [None] * LEVELS)
        self._begin(place.list, counts)
        level = min(max(place.level, 0), LEVELS - 1)
        self._count(counts, place.list, level)
        shape = self._shape(place.list, level)
        kind = attribute(child(shape, "numFmt"), "val") or "decimal"
        if kind == "bullet":
            return BULLET
        return "" if kind == "none" else self._written(place.list, level, counts)

    def level_of_style(self, list_id: str, style_id: str | None) -> int | None:
        """The level that the list gives to paragraphs of this style."""
        definition = self._definitions.get(self._definition(list_id))
        for shape in () if definition is None else definition.iterfind("{*}lvl"):
            if style_id and attribute(child(shape, "pStyle"), "val") == style_id:
                return number(shape, "ilvl")
        return None

    def _definition(self, list_id: str) -> str:
        found = attribute(child(self._lists.get(list_id), "abstractNumId"), "val") or ""
        linked = attribute(child(self._definitions.get(found), "numStyleLink"), "val")
        return self._by_style.get(linked, found) if linked else found

    def _begin(self, list_id: str, counts: list[int | None]) -> None:
        """A list that overrides where it starts begins anew, where others of its definition go on."""
        if list_id in self._begun:
            return
        self._begun.add(list_id)
        entry = self._lists.get(list_id)
        for override in () if entry is None else entry.iterfind("{*}lvlOverride"):
            if child(override, "startOverride") is not None:
                counts[min(max(number(override, "ilvl"), 0), LEVELS - 1)] = None

    def _count(self, counts: list[int | None], list_id: str, level: int) -> None:
        for upper in range(level):  # one that was skipped counts as if it stood there
            counts[upper] = self._start(list_id, upper) if counts[upper] is None else counts[upper]
        before = counts[level]
        counts[level] = self._start(list_id, level) if before is None else before + 1
        for deeper in range(level + 1, LEVELS):
            # It starts again after this level unless it says after which other one, or never.
            restart = number(child(self._shape(list_id, deeper), "lvlRestart"), "val", deeper)
            if restart and level < restart:
                counts[deeper] = None

    def _written(self, list_id: str, level: int, counts: list[int | None]) -> str:
        shape = self._shape(list_id, level)
        label = attribute(child(shape, "lvlText"), "val") or ""
        is_legal = is_on(child(shape, "isLgl"))
        for upper in range(level + 1):
            kind = attribute(child(self._shape(list_id, upper), "numFmt"), "val") or "decimal"
            label = label.replace(f"%{upper + 1}", written(counts[upper] or 0, "decimal" if is_legal else kind))
        return label.strip()

    def _find_start(self, list_id: str, level: int) -> int:
        override = self._override(list_id, level)
        default = number(child(self._shape(list_id, level), "start"), "val", 1)
        return number(child(override, "startOverride"), "val", default)

    def _find_shape(self, list_id: str, level: int) -> etree._Element | None:
        own = child(self._override(list_id, level), "lvl")
        return own if own is not None else _level(self._definitions.get(self._definition(list_id)), "lvl", level)

    def _override(self, list_id: str, level: int) -> etree._Element | None:
        return _level(self._lists.get(list_id), "lvlOverride", level)


def written(count: int, kind: str) -> str:
    """`count` in a number format of Word's; in digits if it is one that we do not know."""
    if kind in _ROMAN:
        return numeral(count, _ROMAN[kind])
    if kind in ("lowerLetter", "upperLetter") and 0 < count <= _MAX_LETTERS:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind == "decimalZero":
        return f"{count:02}"
    return "" if kind in ("none", "bullet") else str(count)


def _level(element: etree._Element | None, name: str, level: int) -> etree._Element | None:
    found = () if element is None else element.iterfind(f"{{*}}{name}")
    return next((entry for entry in found if number(entry, "ilvl", -1) == level), None)


def _is(element: etree._Element, name: str) -> bool:
    return isinstance(element.tag, str) and element.tag.endswith("}" + name)


def _has(element: etree._Element, name: str) -> bool:
    return child(element, name) is not None
