"""HTML: what a reader of the page would read, in its order."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree, html

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.decoding import clean, decode
from footnote.modules.ingestion.extraction.sniff import HTML
from footnote.modules.ingestion.models import BlockKind, Extraction

_UNREAD_TAGS = "script style noscript template nav head svg math iframe object select option button input textarea"
_INLINE_TAGS = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strike
    strong sub sup time tt u var wbr
"""
_UNREAD = frozenset(_UNREAD_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2}(?=[-_]|$)")
_LAYOUT_TAGS = ("table", "h1", "h2", "h3", "h4", "ul", "ol")  # a table row that holds these is no row of values


def extract(path: Path) -> Extraction:
    text, warnings = _decode(path.read_bytes())
    parser = _parser()
    root = _parse(text, parser)
    composer = Composer()
    if root is None:
        return composer.build(HTML, warnings=warnings)
    _Reader(composer).read(root)
    language = _LANGUAGE.match((root.get("lang") or "").lower())
    return composer.build(
        HTML,
        title=root.findtext(".//title"),
        language=language.group() if language else None,
        warnings=(*warnings, *_complaints(parser)),
    )


def text_of(fragment: str) -> str:
    """The words of a piece of HTML, on as many lines as it has blocks."""
    root = _parse(fragment, _parser())
    if root is None:
        return ""
    composer = Composer()
    _Reader(composer).read(root)
    return composer.build(HTML).text


def _decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """By the page's own word if it gives one and keeps it."""
    declared = _CHARSET.search(content[:4096])
    try:
        return clean(content.decode(declared.group(1).decode() if declared else "utf-8")), ()
    except (UnicodeDecodeError, LookupError):
        return decode(content)


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)


def _parse(text: str, parser: html.HTMLParser) -> html.HtmlElement | None:
    try:
        return html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:  # nothing in it
        return None


def _complaints(parser: html.HTMLParser) -> Iterator[str]:
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        yield "The page nests deeper than is read; what lies deeper was left out."


class _Reader:
    """Walks the tree without recursion: pages nest as deep as they like."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._words: list[str] = []
        self._heading = 0
        self._marks: list[str] = []
        self._pending = ""
        self._cells: list[str] | None = None
        self._is_header = False
        self._preformatted = 0
        self._starts: dict[str, Callable[[html.HtmlElement], None]] = {
            "ul": self._start_list,
            "ol": self._start_list,
            "li": self._start_item,
            "tr": self._start_row,
            "pre": self._start_preformatted,
            "br": lambda _: self._words.append("\n"),
        }
        self._ends: dict[str, Callable[[], None]] = {
            "ul": self._end_list,
            "ol": self._end_list,
            "tr": self._end_row,
            "td": self._end_cell,
            "th": self._end_cell,
            "pre": self._end_preformatted,
        }

    def read(self, root: html.HtmlElement) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._end(element)
            elif _is_unread(element):
                walk.skip_subtree()
            else:
                self._start(element)
        self._flush()

    def _start(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag not in _INLINE and tag != "br":
            self._flush()
        self._heading = _HEADINGS.get(tag, self._heading)
        if start := self._starts.get(tag):
            start(element)
        self._add(element.text)

    def _end(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if not _is_unread(element):
            if end := self._ends.get(tag):
                end()
            elif tag not in _INLINE and tag != "br":
                self._flush()
        if tag in _HEADINGS:
            self._heading = 0
        self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if text:
            self._words.append(text if self._preformatted else re.sub(r"\s+", " ", text))

    def _flush(self) -> None:
        """Ends the running block; in a table row, only the line."""
        if self._cells is not None:
            self._words.append(" ")
            return
        words, self._words = "".join(self._words), []
        if not words.strip():
            return
        if self._heading:
            self._composer.heading(words, self._heading)
        elif self._preformatted:
            self._composer.code(words)
        else:
            kind: BlockKind = "list_item" if self._marks else "paragraph"
            self._composer.block(self._pending + words, kind)
            self._pending = ""

    def _start_list(self, element: html.HtmlElement) -> None:
        self._marks.append("1. " if element.tag == "ol" else "- ")

    def _end_list(self) -> None:
        self._flush()
        if self._marks:
            self._marks.pop()

    def _start_item(self, element: html.HtmlElement) -> None:
        if not self._marks:
            return
        self._pending = mark = self._marks[-1]
        if mark[0].isdigit():
            self._marks[-1] = f"{int(mark[:-2]) + 1}. "

    def _start_row(self, element: html.HtmlElement) -> None:
        if next(element.iterdescendants(*_LAYOUT_TAGS), None) is None:
            self._cells, self._words = [], []
            self._is_header = element.find("td") is None

    def _end_row(self) -> None:
        if self._cells is None:
            self._flush()
            return
        self._composer.row(self._cells, "table_header" if self._is_header else "table_row")
        self._cells, self._words = None, []

    def _end_cell(self) -> None:
        if self._cells is None:
            self._flush()
            return
        self._cells.append("".join(self._words))
        self._words = []

    def _start_preformatted(self, element: html.HtmlElement) -> None:
        self._preformatted += 1

    def _end_preformatted(self) -> None:
        self._flush()
        self._preformatted -= 1


def _is_unread(element: html.HtmlElement) -> bool:
    return (
        element.tag in _UNREAD
        or not isinstance(element.tag, str)
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(element.get("style", "")) is not None
    )
