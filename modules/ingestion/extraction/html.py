"""HTML: what a reader of the page would read, in its order."""

import codecs
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec
from lxml import etree, html

from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.decoding import clean, decode
from footnote.modules.ingestion.extraction.errors import TooExpensive
from footnote.modules.ingestion.extraction.html_main import surroundings
from footnote.modules.ingestion.extraction.html_reader import Reader
from footnote.modules.ingestion.extraction.kinds import HTML
from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.parts import joined

_MAX_BYTES = 128 << 20  # a page is held as a tree
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_LONG_TAG = re.compile(r"<([A-Za-z][\w:-]{0,40})([^<>]{8192,})>")
_MAX_ATTRIBUTES = 2000
_LANGUAGE = re.compile(r"[a-z]{2}(?=[-_]|$)")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BROKEN = 0.001  # share of characters; with more of them, the page is wrong about its encoding
_WIDER = {  # what browsers read these as
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "x-mac-roman": "mac_roman",
    "utf-16": "utf-8",  # it cannot be: the word itself was read as ASCII
    "unicode": "utf-8",
}


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    if path.stat().st_size > _MAX_BYTES:
        raise TooExpensive(f"The page is larger than {_MAX_BYTES >> 20} MiB. Split it and upload the pieces.")
    for number, part in enumerate(read_html(path.read_bytes())):
        context.report(number, number + 1)
        yield part


def read_html(content: bytes | str, *, is_whole: bool = False) -> Iterator[Extraction]:
    """The parts of a page, of which there is at least one; if it `is_whole`, nothing counts as navigation."""
    text, warnings = (clean(content), ()) if isinstance(content, str) else _decode(content)
    parser = _parser()
    root = _parse(text, parser)
    composer = Composer()
    if root is None:
        yield composer.build(HTML, warnings=warnings)
        return
    title = on_one_line(root.findtext(".//title") or "") or None
    language = _LANGUAGE.match((root.get("lang") or root.get("xml:lang") or "").lower())
    left_out = frozenset[html.HtmlElement]() if is_whole else surroundings(root)
    is_first = True
    for part in _parts(root, composer, left_out):
        yield msgspec.structs.replace(
            part,
            title=title if is_first else None,
            language=language.group() if language and is_first else None,
            warnings=(*warnings, *_complaints(parser)) if is_first else (),
        )
        is_first = False


def composing(fragment: str, composer: Composer) -> Iterator[None]:
    """Adds what a piece of HTML shows; pauses between blocks."""
    root = _parse(clean(fragment), _parser())
    if root is not None:
        yield from Reader(composer).read(root)


def compose(fragment: str, composer: Composer) -> None:
    deque(composing(fragment, composer), maxlen=0)


def text_of(fragment: str) -> str:
    """The words of a piece of HTML, on as many lines as it has blocks."""
    return joined(list(read_html(fragment))).text


def _parts(root: html.HtmlElement, composer: Composer, left_out: frozenset[html.HtmlElement]) -> Iterator[Extraction]:
    is_first = True
    for _ in Reader(composer, left_out).read(root):
        if composer.is_full:
            yield composer.build(HTML)
            is_first = False
    if is_first or not composer.is_empty:
        yield composer.build(HTML)


def _decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """By the page's own word if it gives one and keeps it."""
    declared = _CHARSET.search(content[:4096])
    if declared is None or content.startswith(_MARKS):
        return decode(content)
    name = declared.group(1).decode().lower()
    try:
        text = content.decode(_WIDER.get(name, name), errors="replace")
    except LookupError:
        return decode(content)
    broken = text.count("\ufffd")
    if broken > len(text) * _BROKEN:
        return decode(content)
    return clean(text), (f"{broken} characters are not valid {name} and were replaced.",) if broken else ()


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)


def _without_swarms(text: str) -> str:
    """Tags with thousands of attributes lose them: to check each against all others takes the parser forever."""
    return _LONG_TAG.sub(
        lambda tag: f"<{tag.group(1)}>" if len(tag.group(2).split()) > _MAX_ATTRIBUTES else tag.group(), text
    )


def _parse(text: str, parser: html.HTMLParser) -> html.HtmlElement | None:
    try:
        return html.document_fromstring(_without_swarms(text).encode(), parser=parser)
    except etree.ParserError:  # nothing in it
        return None


def _complaints(parser: html.HTMLParser) -> Iterator[str]:
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        yield "The page nests deeper than is read; what lies deeper was left out."
