"""What a Word file's styles say of a paragraph: heading of some level, item of a list, or code."""

import re
from functools import cache

from lxml import etree

from footnote.modules.ingestion.extraction.docx_lists import Numbering, Place
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, number

# Word itself keeps the English name in every language; other programs write what their user reads.
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|titlu|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок|"
    r"επικεφαλίδα|başlık|標題|标题|見出し|제목) ?([1-9])"
)
_CODE = re.compile(r"(?:source|html) ?code|code|html preformatted|preformatted text|plain text code|macro")
_NO_LIST = "0"  # a paragraph that takes its style's numbering away
_BODY_LEVEL = 9  # Word's outline levels count from 0; this one means no heading
_MAX_DEPTH = 16  # styles based on styles; a circle is possible in a broken file


class Styles:
    def __init__(self, root: etree._Element | None, numbering: Numbering) -> None:
        styles = [] if root is None else root.iterfind("{*}style")
        self._styles = {attribute(style, "styleId"): style for style in styles}
        self._numbering = numbering
        self._level_of_style = cache(self._level_by_style)
        self._place_of_style = cache(self._place_by_style)
        self.is_code = cache(self._is_code)

    def heading_level(self, properties: etree._Element | None) -> int:
        """From 1; 0 if the paragraph with these properties is no heading."""
        own = None if properties is None else _outline_level(properties)
        return self._level_of_style(style_of(properties)) if own is None else own

    def place(self, properties: etree._Element | None) -> Place | None:
        """The list that the paragraph with these properties is in, and how deep."""
        styled = self._place_of_style(style_of(properties))
        own = child(properties, "numPr")
        if own is None:
            return styled
        list_id = attribute(child(own, "numId"), "val") or (styled.list if styled else _NO_LIST)
        level = number(child(own, "ilvl"), "val", styled.level if styled else 0)
        return None if list_id == _NO_LIST else Place(list_id, level)

    def _is_code(self, style_id: str | None) -> bool:
        return any(_CODE.fullmatch(_name(style)) for style in self._chain(style_id))

    def _level_by_style(self, style_id: str | None) -> int:
        for style in self._chain(style_id):
            level = _level(style)
            if level is not None:
                return level
        return 0

    def _place_by_style(self, style_id: str | None) -> Place | None:
        for style in self._chain(style_id):
            own = child(style, "pPr", "numPr")
            list_id = attribute(child(own, "numId"), "val")
            if list_id == _NO_LIST:
                return None
            if list_id:
                level = self._numbering.level_of_style(list_id, style_id)
                return Place(list_id, number(child(own, "ilvl"), "val") if level is None else level)
        return None

    def _chain(self, style_id: str | None) -> list[etree._Element]:
        """The style and those that it is based on, nearest first."""
        chain: list[etree._Element] = []
        while style_id in self._styles and len(chain) < _MAX_DEPTH:
            chain.append(self._styles[style_id])
            style_id = attribute(child(chain[-1], "basedOn"), "val")
        return chain


def style_of(properties: etree._Element | None) -> str | None:
    return attribute(child(properties, "pStyle"), "val")


def _name(style: etree._Element) -> str:
    return (attribute(child(style, "name"), "val") or "").lower()


def _level(style: etree._Element) -> int | None:
    if heading := _HEADING.fullmatch(_name(style)):
        return int(heading.group(1))
    if _name(style) in ("title", "heading"):  # the latter is what LibreOffice makes of a title
        return 1
    properties = child(style, "pPr")
    return None if properties is None else _outline_level(properties)


def _outline_level(properties: etree._Element) -> int | None:
    value = attribute(child(properties, "outlineLvl"), "val")
    if value is None or not value.isdigit():
        return None
    return 0 if int(value) >= _BODY_LEVEL else int(value) + 1
