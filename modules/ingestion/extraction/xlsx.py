"""Excel workbooks in their XML form, row by row: what the cells hold, not how it was computed."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from footnote.modules.ingestion.extraction.charts import add_chart, chart_ids
from footnote.modules.ingestion.extraction.composer import on_one_line
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.grid import Slot
from footnote.modules.ingestion.extraction.office_zip import Package
from footnote.modules.ingestion.extraction.pptx_text import text_of
from footnote.modules.ingestion.extraction.sheets import Row, SheetWriter, Spans
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, name_of, number
from footnote.modules.ingestion.extraction.xlsx_formats import Formats

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z0-9:$]+)[\"']")
_MIRROR = "[Threaded comment]"  # begins an old comment that says again what a new one says


class Sheet(NamedTuple):
    name: str
    part: str
    kind: str  # worksheet, chartsheet, dialogsheet


class Merge(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int


class Workbook:
    def __init__(self, package: Package) -> None:
        self._package = package
        self.lacks_results = False  # some formula has never been computed
        main = next(package.related("", "officeDocument"), self._usual(package))
        if main.endswith(".bin"):
            raise DamagedFile("Binary workbooks (XLSB) are not read. Save it as XLSX and upload that.")
        root = package.xml(main)
        if root is None:
            raise DamagedFile("The workbook holds no sheets.")
        self.sheets = list(self._listed(root, main))
        strings = next(package.related(main, "sharedStrings"), None)
        self._strings = [_string(item) for item in package.each(strings, "si")] if strings else []
        styles = next(package.related(main, "styles"), None)
        is_1904 = attribute(child(root, "workbookPr"), "date1904") in ("1", "true")
        self._formats = Formats(package.xml(styles) if styles else None, is_1904=is_1904)
        self._people = self._persons(main)

    @staticmethod
    def _usual(package: Package) -> str:
        return "xl/workbook.bin" if "xl/workbook.bin" in package.names else "xl/workbook.xml"

    def _listed(self, root: etree._Element, main: str) -> Iterator[Sheet]:
        relationships = self._package.relationships(main)
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            key = next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
            relationship = relationships.get(key)
            if relationship and relationship.target in self._package.names:
                yield Sheet(attribute(sheet, "name") or "", relationship.target, relationship.kind)

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        merges = self._merges(sheet.part)
        spans = Spans()
        following = 0
        for element in self._package.each(sheet.part, "row"):
            index = number(element, "r", following + 1) - 1
            following = index + 1
            slots = self._slots(element)
            for merge in merges.pop(index, ()):
                if merge.left in slots:
                    height, width = merge.bottom - merge.top + 1, merge.right - merge.left + 1
                    slots[merge.left] = Slot(slots[merge.left].text, height, width)
            yield spans.apply(index, slots)

    def add_objects(self, sheet: Sheet, writer: SheetWriter) -> None:
        """What lies on the sheet beside its cells: text boxes and charts, then comments."""
        for name in self._package.related(sheet.part, "drawing"):
            drawing = self._package.xml(name)
            if drawing is not None:
                self._drawing(name, drawing, writer)
        for comment in self._comments(sheet):
            writer.begin()
            writer.composer.block(comment)

    def _drawing(self, name: str, drawing: etree._Element, writer: SheetWriter) -> None:
        for frame in drawing.iter("{*}txBody"):
            writer.begin()
            writer.composer.block("\n".join(text_of(paragraph) for paragraph in frame.iterfind("{*}p")))
        relationships = self._package.relationships(name)
        for key in chart_ids(drawing):
            chart = self._package.xml(relationships[key].target) if key in relationships else None
            if chart is not None:
                writer.begin()
                add_chart(writer.composer, chart)

    def _comments(self, sheet: Sheet) -> Iterator[str]:
        for name in self._package.related(sheet.part, "comments"):
            root = self._package.xml(name)
            authors = [] if root is None else [author.text or "" for author in root.iterfind("{*}authors/{*}author")]
            for comment in () if root is None else root.iter("{*}comment"):
                words = on_one_line(_string(comment))
                if not words.startswith(_MIRROR):
                    who = authors[number(comment, "authorId")] if number(comment, "authorId") < len(authors) else ""
                    yield f"Comment on {attribute(comment, 'ref')} by {who or 'unknown'}: {words}"
        for name in self._package.related(sheet.part, "threadedComment"):
            root = self._package.xml(name)
            for comment in () if root is None else root.iter("{*}threadedComment"):
                who = self._people.get(attribute(comment, "personId")) or "unknown"
                words = on_one_line(comment.findtext("{*}text") or "")
                yield f"Comment on {attribute(comment, 'ref')} by {who}: {words}"

    def _persons(self, main: str) -> dict[str | None, str | None]:
        roots = [self._package.xml(name) for name in self._package.related(main, "person")]
        people = [person for root in roots if root is not None for person in root]
        return {attribute(person, "id"): attribute(person, "displayName") for person in people}

    def _merges(self, part: str) -> dict[int, list[Merge]]:
        """By their first rows. They are stated after the rows, so the part is searched once before."""
        merges: dict[int, list[Merge]] = {}
        for match in self._package.search(part, _MERGED):
            corners = [_position(corner) for corner in match.decode().split(":")]
            if len(corners) == 2 and corners[0] and corners[1]:
                merge = Merge(*corners[0], *corners[1])
                if merge.left <= merge.right and merge.top <= merge.bottom:
                    merges.setdefault(merge.top, []).append(merge)
        return merges

    def _slots(self, row: etree._Element) -> dict[int, Slot]:
        slots = {}
        following = 0
        for cell in row:
            if name_of(cell) != "c":
                continue
            place = _position(cell.get("r") or "")
            column = place[1] if place else following
            following = column + 1
            if len(cell) and (text := self._text(cell)):
                slots[column] = Slot(text)
        return slots

    def _text(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return on_one_line(_string(cell))
        value = cell.findtext("{*}v")
        if not value:
            self.lacks_results = self.lacks_results or (kind != "str" and child(cell, "f") is not None)
            return ""
        match kind:
            case "s":
                index = int(value)
                return on_one_line(self._strings[index]) if 0 <= index < len(self._strings) else ""
            case "b":
                return "TRUE" if value == "1" else "FALSE"
            case "n":
                return self._formats.shown(value, number(cell, "s"))
            case _:
                return on_one_line(value)


def _string(item: etree._Element) -> str:
    """The words of a text that may be formatted, without their pronunciation."""
    return "".join(text.text or "" for text in item.iter("{*}t") if name_of(text.getparent()) != "rPh")


def _position(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of a reference like `B7`."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match.group(2)) - 1, column - 1
