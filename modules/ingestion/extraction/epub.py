"""Electronic books: their chapters in reading order, each a part."""

import errno
import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import msgspec
from lxml import etree

from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected
from footnote.modules.ingestion.extraction.html import read_html
from footnote.modules.ingestion.extraction.kinds import EPUB
from footnote.modules.ingestion.extraction.office_zip import Package, opened
from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.parts import joined

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_RIGHTS = ("META-INF/rights.xml", "META-INF/sinf.xml")
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # obscured, which hides no words
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
_MAX_PAGE = 128 << 20  # bytes


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    try:
        with opened(path, context, "book") as package:
            _refuse_locked(package)
            yield from _Book(package, context).read()
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the start of the file
            raise
        raise DamagedFile("The book is damaged. Get it from its source again.") from error


class _Book:
    def __init__(self, package: Package, context: Context) -> None:
        self._package = package
        self._context = context
        container = package.xml(_CONTAINER)
        self._path = next(
            (file.get("full-path", "") for file in ([] if container is None else container.iter("{*}rootfile"))), ""
        )
        root = package.xml(self._path)
        if root is None:
            raise DamagedFile("The book holds no list of its chapters. Get it from its source again.")
        self._root = root
        self._items = {item.get("id", ""): item for item in root.iter("{*}item")}

    def read(self) -> Iterator[Extraction]:
        title, language = self._stated("title"), (self._stated("language") or "").lower()[:2]
        chapters = list(self._chapters())
        titles = self._titles()
        warnings = tuple(f"A chapter is missing: {name}." for name in chapters if name not in self._package.names)
        for number, name in enumerate(chapters):
            self._context.report(number, len(chapters))
            if name not in self._package.names:
                continue
            for part in self._chapter(name, titles.get(name)):
                if part.layout.blocks:
                    yield msgspec.structs.replace(
                        part,
                        media_type=EPUB,
                        title=title,
                        language=language if language.isalpha() and len(language) == 2 else None,
                        warnings=(*warnings, *part.warnings),
                    )
                    title, warnings = None, ()

    def _chapter(self, name: str, title: str | None) -> Iterator[Extraction]:
        parts = read_html(self._content(name), is_whole=True)
        for number, part in enumerate(parts):
            is_untitled = not number and title and not part.layout.headings and part.layout.blocks
            yield _headed(part, title) if is_untitled and title else part

    def _content(self, name: str) -> bytes:
        pieces = []
        with self._package.open(name) as file:
            while piece := file.read():
                pieces.append(piece)
                if len(pieces) << 20 > _MAX_PAGE:
                    raise DamagedFile("A chapter of the book is too large to be one that somebody wrote.")
        return b"".join(pieces)

    def _chapters(self) -> Iterator[str]:
        """The names of the pages in reading order, each once; the table of contents is left out."""
        given = set()
        for reference in self._root.iter("{*}itemref"):
            item = self._items.get(reference.get("idref", ""))
            if item is None or item.get("media-type", _PAGES[0]) not in _PAGES:
                continue
            name = _resolved(self._path, item.get("href", ""))
            if name not in given and "nav" not in item.get("properties", "").split():
                given.add(name)
                yield name

    def _titles(self) -> dict[str, str]:
        """What the table of contents calls each page, by the first entry that leads to it."""
        titles: dict[str, str] = {}
        for item in self._items.values():
            is_list = item.get("media-type") == "application/x-dtbncx+xml"
            if not is_list and "nav" not in item.get("properties", "").split():
                continue
            name = _resolved(self._path, item.get("href", ""))
            for target, words in _entries(self._package, name, is_list=is_list):
                titles.setdefault(_resolved(name, target), words)
        return titles

    def _stated(self, name: str) -> str | None:
        element = self._root.find(f".//{{http://purl.org/dc/elements/1.1/}}{name}")
        return None if element is None else on_one_line("".join(map(str, element.itertext()))) or None


def _entries(package: Package, name: str, *, is_list: bool) -> Iterator[tuple[str, str]]:
    try:
        root = package.xml(name)
    except etree.XMLSyntaxError:  # the titles are a help, not a must
        return
    for point in () if root is None else root.iter("{*}navPoint" if is_list else "{*}a"):
        content = point.find("{*}content") if is_list else point
        label = point.find("{*}navLabel") if is_list else point
        if content is not None and label is not None:
            yield content.get("src" if is_list else "href", ""), on_one_line("".join(map(str, label.itertext())))


def _headed(part: Extraction, title: str) -> Extraction:
    """`part` below a heading that only the table of contents names."""
    composer = Composer()
    composer.heading(title, 1)
    return joined([composer.build(EPUB), part])


def _resolved(base: str, target: str) -> str:
    """The name of the part that `target` leads to; it cannot leave the book, whose parts are known by name."""
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), path)).lstrip("/")


def _refuse_locked(package: Package) -> None:
    encryption = package.xml(_ENCRYPTION)
    methods = [] if encryption is None else [m.get("Algorithm", "") for m in encryption.iter("{*}EncryptionMethod")]
    is_locked = any(method not in _FONTS for method in methods) or any(name in package.names for name in _RIGHTS)
    if is_locked:
        raise PasswordProtected("The book is locked by its seller. Upload a copy without digital rights management.")
