"""The paragraphs of a PowerPoint text frame, with the bullets and numbers that they show."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from footnote.modules.ingestion.extraction.docx_lists import BULLET, LEVELS, written
from footnote.modules.ingestion.extraction.equations import linear
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, chosen, name_of, number

_MARKS = frozenset({"buNone", "buChar", "buAutoNum", "buBlip"})
_NUMBERS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}
_FORMS = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Plain": "{}"}


class Paragraph(NamedTuple):
    text: str
    label: str | None  # of an item of a list
    depth: int = 0


def paragraphs(frame: etree._Element, styles: Sequence[etree._Element]) -> Iterator[Paragraph]:
    """Those of a `txBody`; `styles` are the list styles that hold for it, nearest first."""
    counts = [0] * LEVELS
    for paragraph in frame.iterfind("{*}p"):
        words = text_of(paragraph)
        if not words.strip():
            continue
        properties = child(paragraph, "pPr")
        depth = min(max(number(properties, "lvl"), 0), LEVELS - 1)
        mark = _mark(properties, depth, styles)
        counts[depth + 1 :] = [0] * (LEVELS - depth - 1)
        counts[depth] = counts[depth] + 1 if name_of(mark) == "buAutoNum" else 0
        yield Paragraph(words, _label(mark, counts[depth]), depth)


def text_of(paragraph: etree._Element) -> str:
    return "".join(_words(paragraph))


def _words(element: etree._Element) -> Iterator[str]:
    for inner in element:
        name = name_of(inner)
        if name == "t":
            yield inner.text or ""
        elif name == "br":
            yield "\n"
        elif name == "oMath":
            yield linear(inner)
        elif name == "AlternateContent":
            for choice in chosen(inner):
                yield from _words(choice)
        elif not name.endswith("Pr"):
            yield from _words(inner)


def _mark(properties: etree._Element | None, depth: int, styles: Sequence[etree._Element]) -> etree._Element | None:
    levels = (child(style, f"lvl{depth + 1}pPr") for style in styles)
    for level in (properties, *levels):
        for element in () if level is None else level:
            if name_of(element) in _MARKS:
                return element
    return None


def _label(mark: etree._Element | None, count: int) -> str | None:
    name = name_of(mark)
    if name in ("", "buNone"):
        return None
    if name != "buAutoNum":
        return BULLET
    shape = attribute(mark, "type") or "arabicPeriod"
    kind = next((kind for start, kind in _NUMBERS.items() if shape.startswith(start)), "decimal")
    form = next((form for end, form in _FORMS.items() if shape.endswith(end)), "{}.")
    return form.format(written(number(mark, "startAt", 1) + count - 1, kind))
