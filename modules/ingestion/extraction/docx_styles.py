"""What a Word file's styles say of a paragraph: heading of some level, or item of a list."""

import re
from functools import cache

from lxml import etree

from footnote.modules.ingestion.extraction.wordprocessing import attribute, child

_HEADING = re.compile(r"heading ([1-9])")
_BODY_LEVEL = 9  # Word's outline levels count from 0; this one means no heading
_MAX_DEPTH = 16  # styles based on styles; a circle is possible in a broken file


class Styles:
    def __init__(self, root: etree._Element | None) -> None:
        styles = [] if root is None else root.iterfind("{*}style")
        self._styles = {attribute(style, "styleId"): style for style in styles}
        self._level_of_style = cache(self._level_by_style)

    def heading_level(self, properties: etree._Element | None) -> int:
        """From 1; 0 if the paragraph with these properties is no heading."""
        if properties is None:
            return 0
        own = _outline_level(properties)
        return self._level_of_style(attribute(child(properties, "pStyle"), "val")) if own is None else own

    def is_list_item(self, properties: etree._Element | None) -> bool:
        if properties is None:
            return False
        if child(properties, "numPr") is not None:
            return True
        return any(_is_numbered(style) for style in self._chain(attribute(child(properties, "pStyle"), "val")))

    def _level_by_style(self, style_id: str | None) -> int:
        for style in self._chain(style_id):
            level = _level(style)
            if level is not None:
                return level
        return 0

    def _chain(self, style_id: str | None) -> list[etree._Element]:
        """The style and those that it is based on, nearest first."""
        chain: list[etree._Element] = []
        while style_id in self._styles and len(chain) < _MAX_DEPTH:
            chain.append(self._styles[style_id])
            style_id = attribute(child(chain[-1], "basedOn"), "val")
        return chain


def _level(style: etree._Element) -> int | None:
    name = (attribute(child(style, "name"), "val") or "").lower()
    if heading := _HEADING.fullmatch(name):
        return int(heading.group(1))
    if name == "title":
        return 1
    properties = child(style, "pPr")
    return None if properties is None else _outline_level(properties)


def _outline_level(properties: etree._Element) -> int | None:
    value = attribute(child(properties, "outlineLvl"), "val")
    if value is None or not value.isdigit():
        return None
    return 0 if int(value) >= _BODY_LEVEL else int(value) + 1


def _is_numbered(style: etree._Element) -> bool:
    properties = child(style, "pPr")
    return properties is not None and child(properties, "numPr") is not None
