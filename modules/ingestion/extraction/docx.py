"""Word files, read from their XML: paragraphs, lists and tables in document order, notes after what refers to them."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from footnote.modules.ingestion.extraction.charts import add_chart, chart_ids
from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.docx_lists import BULLET, Numbering, Place
from footnote.modules.ingestion.extraction.docx_styles import Styles, style_of
from footnote.modules.ingestion.extraction.docx_tables import only_cell, table_rows
from footnote.modules.ingestion.extraction.docx_text import Reference, Words
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.kinds import DOCX
from footnote.modules.ingestion.extraction.office_zip import Package, opened
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, chosen, name_of, within
from footnote.modules.ingestion.models import Extraction

_DOCUMENT = re.compile(r"word/document\d*\.xml")
_CONTAINERS = frozenset({"ins", "moveTo", "customXml", "smartTag", "sdtContent"})
_NOTES = ("footnote", "endnote", "comment")
_IMAGE_NAME = re.compile(r"\S+|.*\.\w{3,4}")  # alternative text that only names a file


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    with opened(path, context, "Word file") as package:
        document = next(filter(_DOCUMENT.fullmatch, sorted(package.names)), None)
        if document is None:
            raise DamagedFile("The Word file holds no document.")
        title, warnings = package.title(), package.warnings()
        for done, part in enumerate(_Reader(package, document).parts(), 1):
            yield part.build(DOCX, title=title, warnings=warnings)
            context.report(done, done + 1)
            title, warnings = None, ()


class _Reader:
    def __init__(self, package: Package, document: str) -> None:
        self._package = package
        self._document = document
        self._composer = Composer()
        self._numbering = Numbering(package.xml("word/numbering.xml"))
        self._styles = Styles(package.xml("word/styles.xml"), self._numbering)
        self._words = Words()
        self._notes = {kind: _notes(package, kind) for kind in _NOTES}
        self._relationships = package.relationships(document)
        self._code: list[str] = []

    def parts(self) -> Iterator[Composer]:
        for element in self._package.children(self._document, of="body"):
            self._block(element)
            if self._composer.is_full:
                yield self._composer
        self._end_code()
        if not self._composer.is_empty:
            yield self._composer

    def _blocks(self, elements: Iterable[etree._Element]) -> None:
        for element in elements:
            self._block(element)

    def _block(self, element: etree._Element) -> None:
        name = name_of(element)
        if name == "p":
            self._paragraph(element)
        elif name == "tbl":
            self._table(element)
        elif name == "sdt":
            self._blocks(element.iterfind("{*}sdtContent/*"))
        elif name == "AlternateContent":
            self._blocks(chosen(element))
        elif name in _CONTAINERS:
            self._blocks(element)

    def _paragraph(self, paragraph: etree._Element) -> None:
        words = self._words.of(paragraph)
        properties = child(paragraph, "pPr")
        if self._styles.is_code(style_of(properties)):
            self._code.append(words)
        else:
            self._end_code()
            self._prose(words, properties)
        self._beside(paragraph)

    def _prose(self, words: str, properties: etree._Element | None) -> None:
        place = self._styles.place(properties) if words.strip() else None
        label = self._numbering.label(place) if place else ""
        level = self._styles.heading_level(properties)
        if level:
            self._composer.heading(f"{label.removeprefix(BULLET)} {words}", level)
        elif place:
            self._composer.item(f"{label} {words}", place.level)
        else:
            self._composer.block(words)

    def _end_code(self) -> None:
        if self._code:
            self._composer.code("\n".join(self._code))
            self._code = []

    def _beside(self, paragraph: etree._Element) -> None:
        """What hangs at a paragraph or a table: text boxes, pictures, charts, notes."""
        for box in within(paragraph, {"txbxContent"}, {"Fallback"} if _has_choice(paragraph) else ()):
            self._blocks(box)
        for picture in within(paragraph, {"docPr"}, {"Fallback", "txbxContent"}):
            described = on_one_line(attribute(picture, "descr") or "")
            if described and not _IMAGE_NAME.fullmatch(described):
                self._composer.block(f"[Image: {described}]")
        for chart in chart_ids(paragraph):
            self._chart(chart)
        for reference in self._words.references():
            self._note(reference)

    def _chart(self, relationship_id: str) -> None:
        relationship = self._relationships.get(relationship_id)
        root = self._package.xml(relationship.target) if relationship else None
        if root is not None:
            add_chart(self._composer, root)

    def _note(self, reference: Reference) -> None:
        note = self._notes[reference.kind].get(reference.id)
        words = "" if note is None else self._flat(note)
        self._words.references()  # a note that refers to itself would never end
        if not words:
            return
        who = attribute(note, "author") or "unknown"
        self._composer.block(f"{reference.mark or f'Comment by {who}:'} {words}")

    def _table(self, table: etree._Element) -> None:
        self._end_code()
        frame = only_cell(table)
        if frame is not None:
            self._blocks(frame)
            return
        rows, headers = table_rows(table, self._flat)
        self._composer.table(rows, headers=headers)
        for reference in self._words.references():
            self._note(reference)

    def _flat(self, container: etree._Element) -> str:
        """All words in a cell or a note, on one line."""
        found = (self._item(paragraph) for paragraph in _paragraphs(container))
        return " ".join(words for words in found if words)

    def _item(self, paragraph: etree._Element) -> str:
        words = on_one_line(self._words.of(paragraph))
        place: Place | None = self._styles.place(child(paragraph, "pPr")) if words else None
        return f"{self._numbering.label(place)} {words}".strip() if place else words


def _paragraphs(container: etree._Element) -> Iterator[etree._Element]:
    closed = {"Fallback"} if _has_choice(container) else set()
    for paragraph in within(container, {"p"}, closed):
        yield paragraph
        for box in within(paragraph, {"txbxContent"}, closed):
            yield from _paragraphs(box)


def _has_choice(element: etree._Element) -> bool:
    return next(element.iter("{*}Choice"), None) is not None


def _notes(package: Package, kind: str) -> dict[str, etree._Element]:
    root = package.xml(f"word/{kind}s.xml")
    return {} if root is None else {attribute(note, "id") or "": note for note in root.iterfind(f"{{*}}{kind}")}
