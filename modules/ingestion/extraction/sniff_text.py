"""Tells apart the formats that are text."""

import csv
import re
from collections import Counter

from footnote.modules.ingestion.extraction.decoding import as_text
from footnote.modules.ingestion.extraction.kinds import (
    CSV,
    EML,
    HTML,
    MARKDOWN,
    PLAIN,
    SRT,
    TSV,
    UNKNOWN,
    VTT,
    XML,
)
from footnote.modules.ingestion.extraction.sniff_json import json_kind

NAMED_TEXT = {".md": MARKDOWN, ".markdown": MARKDOWN, ".mdown": MARKDOWN, ".txt": PLAIN, ".text": PLAIN}
_NAMED_DELIMITED = {".csv": CSV, ".tsv": TSV, ".tab": TSV}
_NOT_TABLES = frozenset({".md", ".markdown", ".mdown", ".tex", ".log"})
_CONTROLS = re.compile("[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")

_BEFORE_HTML = r"\s*(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*+"
_HTML_START = re.compile(_BEFORE_HTML + r"<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|ol|dl|table|article|section|main|a|span|title|meta|br)\b", re.IGNORECASE)
_HTML_NAMES = (".html", ".htm", ".xhtml", ".xht")
_MIN_TAGS = 3
_XML_START = re.compile(r"\s*(?:<\?xml\s|<!DOCTYPE\s+(?!html)|<[A-Za-z_][\w.:-]*(?:\s+[\w.:-]+\s*=|\s*/?>))")
_XML_NAMES = (".xml", ".nxml", ".jats", ".svg", ".rss", ".atom", ".dita", ".fodt", ".xbrl", ".kml")

_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]*\S?")
_MAIL_HEADERS = frozenset({"from", "to", "cc", "subject", "date", "sender", "reply-to", "content-type"})
_POSTMARKS = frozenset(
    {"received", "message-id", "mime-version", "return-path", "delivered-to", "dkim-signature", "x-mailer"}
)
_SRT_START = re.compile(
    r"\s*(?:\d+[ \t]*\n)?\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}"
)
_VTT_START = re.compile(r"WEBVTT(?:[ \t\n]|\Z)")
_MIN_ROWS = 4  # that speak for a table where the name does not
_LONG = 60  # characters; cells of tables are shorter, clauses of sentences are not


def text_kind(head: bytes, suffix: str, *, is_whole: bool) -> str:
    text = as_text(head).removeprefix("\ufeff")
    if len(_CONTROLS.findall(text)) > len(text) // 100:
        return UNKNOWN
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (
        _marked_up(text, suffix)
        or _marked(text, suffix)
        or json_kind(text, suffix, is_whole=is_whole)
        or _delimited(text, suffix, is_whole=is_whole)
        or NAMED_TEXT.get(suffix, PLAIN)
    )


def _marked_up(text: str, suffix: str) -> str | None:
    if _HTML_START.match(text) or (suffix in _HTML_NAMES and _TAG.search(text)):
        return HTML
    if suffix in NAMED_TEXT and not text.lstrip().startswith(("<?xml", "<!DOCTYPE")):
        return None
    if _TAG.match(text.lstrip()) and len(_TAG.findall(text)) >= _MIN_TAGS:
        return HTML
    is_xml = _XML_START.match(text) and (suffix in _XML_NAMES or text.lstrip().startswith(("<?xml", "<!DOCTYPE")))
    return XML if is_xml else None


def _marked(text: str, suffix: str) -> str | None:
    if _VTT_START.match(text):
        return VTT
    if _SRT_START.match(text):
        return SRT
    return EML if _is_mail(text, suffix) else None


def _is_mail(text: str, suffix: str) -> bool:
    """Mail begins with headers, and says who wrote it, to whom or about what, or how it came."""
    names: set[str] = set()
    for line in text.split("\n"):
        if not line.strip():
            break
        if line[0] in " \t" and names:
            continue
        header = _HEADER.match(line)
        if header is None:
            if not names and line.startswith((">From ", "From ")) and suffix == ".eml":
                continue
            return False
        names.add(header.group(1).lower())
    if suffix == ".eml":
        return bool(names & (_MAIL_HEADERS | _POSTMARKS))
    is_named = {"from", "subject"} <= names and bool(names & {"to", "date"})
    return is_named or ("from" in names and bool(names & _POSTMARKS)) or len(names & _POSTMARKS) > 1


def _delimited(text: str, suffix: str, *, is_whole: bool) -> str | None:
    named = _NAMED_DELIMITED.get(suffix)
    if named is None and suffix in _NOT_TABLES:
        return None
    lines = text.split("\n")
    rows = lines if is_whole or len(lines) == 1 else lines[:-1]
    for delimiter, kind in (("\t", TSV), (",", CSV), (";", CSV), ("|", CSV)):
        if _is_table(rows, delimiter, is_named=named is not None):
            return kind if named is None else named
    is_column = named and all(len(line) <= _LONG and not line.rstrip().endswith(".") for line in rows)
    return named if is_column else None


def _is_table(lines: list[str], delimiter: str, *, is_named: bool) -> bool:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error:
        return False
    if not rows:
        return False
    (width, count), *_ = Counter(map(len, rows)).most_common(1)
    if is_named:
        return width > 1 and count * 2 > len(rows)
    if delimiter == "|" or width < (2 if delimiter == "\t" else 3) or len(rows) < _MIN_ROWS or count < len(rows):
        return False
    cells = [cell for row in rows for cell in row]
    return sum(len(cell) <= _LONG and not cell.startswith(" ") for cell in cells) >= 0.95 * len(cells)
