"""The words of a Word paragraph as they are shown: what was inserted, not what was deleted or hidden."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from footnote.modules.ingestion.extraction.equations import linear
from footnote.modules.ingestion.extraction.numerals import numeral
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, chosen, is_on, name_of

CHECKED, UNCHECKED = "[x]", "[ ]"
_LITERALS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Text boxes and tables are read on their own; what was moved away stands where it was moved to.
_ASIDE = frozenset({"txbxContent", "tbl", "del", "moveFrom", "pPr", "rPr", "instrText", "delText", "Fallback"})
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}


class Reference(NamedTuple):
    kind: str  # footnote, endnote or comment
    id: str
    mark: str  # as it stands in the text; a comment has none


class Words:
    """Reads paragraphs, and keeps what they refer to."""

    def __init__(self) -> None:
        self._references: list[Reference] = []
        self._counts: dict[str, int] = {}

    def of(self, paragraph: etree._Element) -> str:
        return "".join(self._of(paragraph))

    def references(self) -> list[Reference]:
        """To notes and comments since the last time."""
        references, self._references = self._references, []
        return references

    def _of(self, element: etree._Element) -> Iterator[str]:
        for inner in element:
            yield from self._one(inner)

    def _one(self, element: etree._Element) -> Iterator[str]:
        name = name_of(element)
        if name in _ASIDE:
            return
        if name == "t":
            yield element.text or ""
        elif name == "r":
            if not is_on(child(element, "rPr", "vanish")):
                yield from self._of(element)
        elif name == "br":
            yield "" if attribute(element, "type") == "page" else "\n"
        elif name in _LITERALS:
            yield _LITERALS[name]
        elif name in _NOTES:
            yield self._mark(_NOTES[name], attribute(element, "id") or "")
        else:
            yield from self._rarer(name, element)

    def _rarer(self, name: str, element: etree._Element) -> Iterator[str]:
        if name == "oMathPara":
            yield "\n" + "\n".join(linear(math) for math in element.iterfind("{*}oMath")) + "\n"
        elif name == "oMath":
            yield linear(element)
        elif name == "sdt":
            yield from self._control(element)
        elif name == "fldChar":
            yield _form_box(element)
        elif name == "AlternateContent":
            for inner in chosen(element):
                yield from self._one(inner)
        else:
            yield from self._of(element)

    def _control(self, control: etree._Element) -> Iterator[str]:
        box = child(control, "sdtPr", "checkbox")
        if box is not None:
            yield CHECKED if is_on(child(box, "checked")) else UNCHECKED
        else:
            content = child(control, "sdtContent")
            yield from () if content is None else self._of(content)

    def _mark(self, kind: str, note: str) -> str:
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        mark = {"footnote": f"[{count}]", "endnote": f"[{numeral(count, 'i')}]"}.get(kind, "")
        self._references.append(Reference(kind, note, mark))
        return mark


def _form_box(character: etree._Element) -> str:
    """The check box of an old form field, or nothing."""
    box = child(character, "ffData", "checkBox")
    if box is None:
        return ""
    state = child(box, "checked")
    return CHECKED if is_on(child(box, "default") if state is None else state) else UNCHECKED
