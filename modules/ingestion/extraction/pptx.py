"""PowerPoint files: slide after slide, what is on it from top to bottom, then its notes and comments."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from footnote.modules.ingestion.extraction.charts import add_chart, chart_ids
from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.grid import Slot
from footnote.modules.ingestion.extraction.kinds import PPTX
from footnote.modules.ingestion.extraction.office_zip import Package, opened
from footnote.modules.ingestion.extraction.pptx_slides import Models, Slide, placeholder_of, slides
from footnote.modules.ingestion.extraction.pptx_text import paragraphs, text_of
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, chosen, name_of, number
from footnote.modules.ingestion.models import Extraction

_PRESENTATION = re.compile(r"ppt/presentation\d*\.xml")
_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})
_SHAPES = frozenset({"sp", "grpSp", "graphicFrame", "pic", "cxnSp"})
_LINE = 228_600  # a quarter of an inch, in EMU: what starts within it stands side by side
_IMAGE_NAME = re.compile(r"\S+|.*\.\w{3,4}")  # alternative text that only names a file


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    with opened(path, context, "PowerPoint file") as package:
        presentation = next(filter(_PRESENTATION.fullmatch, sorted(package.names)), None)
        if presentation is None:
            raise DamagedFile("The PowerPoint file holds no presentation.")
        title, warnings = package.title(), package.warnings()
        names = slides(package, presentation)
        reader, models = _Reader(package), Models(package)
        for done, name in enumerate(names, 1):
            reader.read(Slide(package, models, name), done)
            context.report(done, len(names))
            if reader.composer.is_full or (done == len(names) and not reader.composer.is_empty):
                yield reader.composer.build(PPTX, title=title, warnings=warnings)
                title, warnings = None, ()


class _Reader:
    def __init__(self, package: Package) -> None:
        self.composer = Composer()
        authors = package.xml("ppt/commentAuthors.xml")
        people = package.xml("ppt/authors.xml")
        self._authors = {
            attribute(person, "id"): attribute(person, "name")
            for root in (authors, people)
            for person in (() if root is None else root)
        }

    def read(self, slide: Slide, number_of_slide: int) -> None:
        if not _says_something(slide):
            return
        shapes = [] if slide.shapes is None else list(_shapes(slide.shapes))
        title = next((shape for shape in shapes if _kind(shape) in _TITLES and _words(shape)), None)
        words = f": {_words(title)}" if title is not None else ""
        self.composer.heading(f"Slide {number_of_slide}{words}", 1)
        self._all(slide, [shape for shape in shapes if shape is not title])
        self._notes(slide.notes)
        for comment in _comments(slide.comments):
            who = self._authors.get(attribute(comment, "authorId")) or "unknown"
            self.composer.block(f"Comment by {who}: {on_one_line(_comment(comment))}")

    def _all(self, slide: Slide, shapes: Iterable[etree._Element]) -> None:
        for shape in _from_top(slide, shapes):
            self._shape(slide, shape)

    def _shape(self, slide: Slide, shape: etree._Element) -> None:
        if _kind(shape) in _FURNITURE:
            return
        match name_of(shape):
            case "grpSp":
                self._all(slide, _shapes(shape))
            case "graphicFrame":
                self._graphic(slide, shape)
            case "pic":
                self._picture(shape)
            case _:
                self._frame(child(shape, "txBody"), slide.list_styles(shape))

    def _frame(self, frame: etree._Element | None, styles: list[etree._Element]) -> None:
        for text, label, depth in () if frame is None else paragraphs(frame, styles):
            if label is None:
                self.composer.block(text)
            else:
                self.composer.item(f"{label} {text}", depth)

    def _graphic(self, slide: Slide, shape: etree._Element) -> None:
        for table in shape.iter("{*}tbl"):
            self._table(table)
        for chart in map(slide.part, chart_ids(shape)):
            if chart is not None:
                add_chart(self.composer, chart)
        for diagram in shape.iter("{*}relIds"):
            points = slide.part(attribute(diagram, "dm"))
            for frame in () if points is None else points.iterfind("{*}ptLst/{*}pt/{*}t"):
                self._frame(frame, [])

    def _table(self, table: etree._Element) -> None:
        rows = [
            [_slot(cell) for cell in row.iterfind("{*}tc") if not _is_covered(cell)] for row in table.iterfind("{*}tr")
        ]
        has_header = _says(child(table, "tblPr"), "firstRow") and len(rows) > 1
        self.composer.table(rows, headers=int(has_header))

    def _picture(self, shape: etree._Element) -> None:
        described = on_one_line(attribute(child(shape, "nvPicPr", "cNvPr"), "descr") or "")
        if described and not _IMAGE_NAME.fullmatch(described):
            self.composer.block(f"[Image: {described}]")

    def _notes(self, notes: etree._Element | None) -> None:
        shapes = child(notes, "cSld", "spTree")
        for shape in () if shapes is None else _shapes(shapes):
            if _kind(shape) not in _FURNITURE and (words := _words(shape, "\n")):
                self.composer.block(f"Notes: {words}")


def _says_something(slide: Slide) -> bool:
    """Whether there is any text on it; a heading alone would pass for one."""
    roots = [root for root in (slide.shapes, slide.notes, slide.comments) if root is not None]
    has_text = any(text.text for root in roots for text in root.iter("{*}t", "{*}text"))
    return has_text or next((chart for root in roots for chart in root.iter("{*}chart", "{*}relIds")), None) is not None


def _says(element: etree._Element | None, name: str) -> bool:
    return attribute(element, name) in ("1", "true", "on")


def _shapes(tree: etree._Element) -> Iterator[etree._Element]:
    for element in tree:
        if name_of(element) in _SHAPES:
            yield element
        elif name_of(element) == "AlternateContent":
            yield from (shape for shape in chosen(element) if name_of(shape) in _SHAPES)


def _from_top(slide: Slide, shapes: Iterable[etree._Element]) -> list[etree._Element]:
    """By lines from the top, in a line from the left."""
    placed = sorted(((slide.place(shape), shape) for shape in shapes), key=lambda entry: entry[0])
    lines: list[list[tuple[tuple[int, int], etree._Element]]] = []
    for entry in placed:
        if lines and entry[0][0] - lines[-1][0][0][0] < _LINE:
            lines[-1].append(entry)
        else:
            lines.append([entry])
    return [shape for line in lines for _, shape in sorted(line, key=lambda entry: entry[0][1])]


def _kind(shape: etree._Element) -> str | None:
    return attribute(placeholder_of(shape), "type")


def _words(shape: etree._Element, between: str = " ") -> str:
    frame = child(shape, "txBody")
    found = () if frame is None else (text_of(paragraph).strip() for paragraph in frame.iterfind("{*}p"))
    return between.join(words for words in found if words)


def _slot(cell: etree._Element) -> Slot:
    frame = child(cell, "txBody")
    found = () if frame is None else paragraphs(frame, [])
    words = " ".join(f"{label} {text}" if label else text for text, label, _ in found)
    return Slot(words, number(cell, "rowSpan", 1), number(cell, "gridSpan", 1))


def _is_covered(cell: etree._Element) -> bool:
    return _says(cell, "hMerge") or _says(cell, "vMerge")


def _comments(root: etree._Element | None) -> Iterator[etree._Element]:
    """Comments and the answers to them, in order."""
    return iter(()) if root is None else root.iter("{*}cm", "{*}reply")


def _comment(comment: etree._Element) -> str:
    """Its own words; the answers are comments of their own."""
    written = child(comment, "text")
    if written is not None:
        return written.text or ""
    frame = child(comment, "txBody")
    return "" if frame is None else "\n".join(text_of(paragraph) for paragraph in frame.iterfind("{*}p"))
