"""Word files, read from their XML: paragraphs, lists and tables in document order, notes at the end."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from footnote.modules.ingestion.extraction.composer import Composer, tidy
from footnote.modules.ingestion.extraction.docx_styles import Styles
from footnote.modules.ingestion.extraction.errors import DamagedFile, TooExpensive
from footnote.modules.ingestion.extraction.sniff import DOCX
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, name_of
from footnote.modules.ingestion.models import Extraction

_MAX_UNPACKED = 512 << 20  # bytes; a part is never unpacked past the size that its header states
_DOCUMENT = re.compile(r"word/document\d*\.xml")
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_LITERALS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# `Fallback` says again what stands before it; text boxes and tables are read on their own.
_ASIDE = frozenset({"Fallback", "txbxContent", "tbl"})


def extract(path: Path) -> Extraction:
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, etree.XMLSyntaxError) as error:
        raise DamagedFile(f"The Word file is damaged: {error}") from error


def _read(archive: zipfile.ZipFile) -> Extraction:
    if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
        raise TooExpensive(f"Unpacked, the file is larger than {_MAX_UNPACKED >> 20} MiB.")
    document = next(filter(_DOCUMENT.fullmatch, archive.namelist()), None)
    if document is None:
        raise DamagedFile("The Word file holds no document.")
    composer = Composer()
    reader = _Reader(composer, Styles(_parse(archive, "word/styles.xml")))
    for part in (document, *_NOTES):
        root = _parse(archive, part)
        if root is not None:
            reader.read(root)
    core = _parse(archive, "docProps/core.xml")
    title = None if core is None else core.findtext("{http://purl.org/dc/elements/1.1/}title")
    return composer.build(DOCX, title=title)


def _parse(archive: zipfile.ZipFile, part: str) -> etree._Element | None:
    if part not in archive.namelist():
        return None
    with archive.open(part) as file:
        return etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()


class _Reader:
    def __init__(self, composer: Composer, styles: Styles) -> None:
        self._composer = composer
        self._styles = styles

    def read(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start",))
        for _, element in walk:
            name = name_of(element)
            if name == "tbl":
                self._table(element)
            if name in ("tbl", "Fallback"):
                walk.skip_subtree()
            if name == "p":
                self._paragraph(element)

    def _paragraph(self, paragraph: etree._Element) -> None:
        words = "".join(_words(paragraph))
        properties = child(paragraph, "pPr")
        level = self._styles.heading_level(properties)
        if level:
            self._composer.heading(words, level)
        elif self._styles.is_list_item(properties) and words.strip():
            self._composer.block("- " + words, "list_item")
        else:
            self._composer.block(words)

    def _table(self, table: etree._Element) -> None:
        for row in _outermost(table, "tr"):
            properties = child(row, "trPr")
            is_header = properties is not None and child(properties, "tblHeader") is not None
            self._composer.row(
                [_cell(cell) for cell in _outermost(row, "tc")], "table_header" if is_header else "table_row"
            )


def _cell(cell: etree._Element) -> str:
    paragraphs = (tidy("".join(_words(paragraph))) for paragraph in cell.iter("{*}p"))
    return " ".join(paragraph for paragraph in paragraphs if paragraph)


def _outermost(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Descendants called `name`, but not those inside one another or inside a table further in."""
    walk = etree.iterwalk(element, events=("start",))
    for _, inner in walk:
        if inner is element:
            continue
        if name_of(inner) in (name, "tbl", "Fallback"):
            walk.skip_subtree()
        if name_of(inner) == name:
            yield inner


def _words(paragraph: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        name = name_of(element)
        if name in _ASIDE:
            walk.skip_subtree()
        elif name == "t":
            yield element.text or ""
        elif name == "br" and attribute(element, "type") == "page":
            continue
        elif name in _LITERALS and name_of(element.getparent()) == "r":
            yield _LITERALS[name]
