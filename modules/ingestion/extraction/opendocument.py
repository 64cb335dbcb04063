"""OpenDocument texts and presentations, read from their XML."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from lxml import etree

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected
from footnote.modules.ingestion.extraction.kinds import ODP, ODS, ODT
from footnote.modules.ingestion.extraction.odf_lists import Styles
from footnote.modules.ingestion.extraction.odf_text import TextReader
from footnote.modules.ingestion.extraction.office_zip import PROTECTED, Package, opened
from footnote.modules.ingestion.extraction.wordprocessing import attribute, name_of
from footnote.modules.ingestion.models import Extraction

CONTENT = "content.xml"
_FURNITURE = frozenset({"header", "footer", "date-time", "page-number", "page"})
_LENGTH = re.compile(r"(-?[\d.]+)(cm|mm|in|pt)?")
_POINTS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0}
_LINE = 18.0  # points: what starts within it stands side by side


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    with opened(path, context, "OpenDocument file") as package:
        kind = kind_of(package)
        composer = Composer()
        reader = TextReader(composer, _styles(package))
        title, warnings = title_of(package), package.warnings()
        blocks = _slides(package, reader, composer) if kind == ODP else _text(package, reader)
        for done, _ in enumerate(blocks, 1):
            context.report(done, done + 1)
            if composer.is_full:
                yield composer.build(kind, title=title, warnings=warnings)
                title, warnings = None, ()
        if not composer.is_empty:
            yield composer.build(kind, title=title, warnings=warnings)


def kind_of(package: Package) -> str:
    """ODT, ODS or ODP.

    Raises:
        DamagedFile: It is no OpenDocument file.
        PasswordProtected: Its content is encrypted.
    """
    if CONTENT not in package.names:
        raise DamagedFile("The file holds no document.")
    manifest = package.xml("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
        raise PasswordProtected(PROTECTED)
    body = next(package.children(CONTENT, of="body"), None)
    return {"spreadsheet": ODS, "presentation": ODP}.get(name_of(body), ODT)


def title_of(package: Package) -> str | None:
    meta = package.xml("meta.xml")
    return None if meta is None else next((title.text for title in meta.iter("{*}title")), None)


def _styles(package: Package) -> Styles:
    root = package.xml("styles.xml")
    own = package.children(CONTENT, of="automatic-styles")
    common = [] if root is None else [style for group in root for style in group]
    return Styles(chain(common, own))


def _text(package: Package, reader: TextReader) -> Iterator[None]:
    for element in package.children(CONTENT, of="text"):
        reader.read([element])
        yield


def _slides(package: Package, reader: TextReader, composer: Composer) -> Iterator[None]:
    pages = (page for page in package.children(CONTENT, of="presentation") if name_of(page) == "page")
    for number, page in enumerate(pages, 1):
        _slide(page, number, reader, composer)
        yield


def _slide(page: etree._Element, number: int, reader: TextReader, composer: Composer) -> None:
    shapes = [shape for shape in page if _class(shape) not in _FURNITURE]
    title = next((shape for shape in shapes if _class(shape) == "title" and reader.flat(shape)), None)
    words = "" if title is None else f": {reader.flat(title)}"
    composer.heading(f"Slide {number}{words}", 1)
    for shape in _from_top(shape for shape in shapes if shape is not title and name_of(shape) != "notes"):
        reader.read([shape])
    for frame in page.iterfind("{*}notes/{*}frame"):
        if _class(frame) not in _FURNITURE and (notes := reader.flat(frame)):
            composer.block(f"Notes: {notes}")


def _class(shape: etree._Element) -> str | None:
    return attribute(shape, "class")


def _from_top(shapes: Iterable[etree._Element]) -> list[etree._Element]:
    """By lines from the top, in a line from the left."""
    return sorted(shapes, key=lambda shape: (round(_points(shape, "y") / _LINE), _points(shape, "x")))


def _points(shape: etree._Element, name: str) -> float:
    match = _LENGTH.fullmatch(attribute(shape, name) or "")
    return float(match.group(1)) * _POINTS.get(match.group(2), 1.0) if match else 0.0
