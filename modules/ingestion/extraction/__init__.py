"""Files in, canonical text and layout out. Pure and synchronous: meant for a child process.

An extractor is a module with `extract(path, context)`, which yields one `Extraction` or, for what may be large, one
for each part of the file that fits in memory.
"""

import errno
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from footnote.modules.ingestion.extraction.context import Context, Options
from footnote.modules.ingestion.extraction.errors import EmptyFile, NoText, TooExpensive, UnforeseenFault, Unreadable
from footnote.modules.ingestion.extraction.kinds import (
    AUDIO,
    CSV,
    DOC,
    DOCX,
    EML,
    EPUB,
    HTML,
    IMAGES,
    JSON,
    JSON_LINES,
    LOCKED_OFFICE,
    MARKDOWN,
    MSG,
    ODP,
    ODS,
    ODT,
    PDF,
    PLAIN,
    PPT,
    PPTX,
    RTF,
    SRT,
    TSV,
    VTT,
    XLS,
    XLSX,
    XML,
    ZIP,
)
from footnote.modules.ingestion.extraction.sniff import sniff
from footnote.modules.ingestion.models import Extraction

__all__ = ["SUPPORTED", "Context", "Options", "extract", "sniff"]

# Modules by name: the server sniffs files and should not load every parser for it.
_EXTRACTORS = {
    PLAIN: "text",
    MARKDOWN: "markdown",
    HTML: "html",
    JSON: "json_text",
    JSON_LINES: "json_text",
    XML: "xml_text",
    RTF: "rich_text",
    VTT: "subtitles",
    SRT: "subtitles",
    PDF: "pdf",
    DOCX: "docx",
    PPTX: "pptx",
    XLSX: "workbook",
    XLS: "workbook",
    ODS: "workbook",
    CSV: "delimited",
    TSV: "delimited",
    ODT: "opendocument",
    ODP: "opendocument",
    DOC: "legacy_office",
    PPT: "legacy_office",
    LOCKED_OFFICE: "locked_office",
    EPUB: "epub",
    EML: "mail",
    MSG: "outlook",
    ZIP: "archive",
    **dict.fromkeys(IMAGES, "image"),
}
_NOT_THE_FILES_FAULT = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.EIO, errno.ENOMEM}
SUPPORTED = frozenset(_EXTRACTORS) | AUDIO  # recordings are transcribed, elsewhere


class Extractor(Protocol):
    def __call__(self, path: Path, context: Context) -> Iterator[Extraction]: ...


def extract(path: Path, media_type: str, context: Context) -> Iterator[Extraction]:
    """The parts of the file at `path`, which is of one of the `SUPPORTED` kinds and no recording, in reading order.

    Raises:
        Unreadable: Empty, damaged, protected by a password, not of that kind, too large once unpacked, or without any
            text. Parts may have come before it.
    """
    if not path.stat().st_size:
        raise EmptyFile("The file has no content.")
    characters, is_of_use = 0, False
    for part in _foreseeing(_extractor(media_type)(path, context)):
        characters += len(part.text)
        if characters > context.options.max_characters:
            raise TooExpensive(f"The file holds more than {context.options.max_characters:,} characters of text.")
        is_of_use = is_of_use or bool(part.layout.blocks or part.attachments)
        yield part
    if not is_of_use:
        raise NoText("There is no text in this file.")


def _foreseeing(parts: Iterator[Extraction]) -> Iterator[Extraction]:
    """`parts`; a damaged file can make any of the libraries below fail in ways that nobody listed."""
    try:
        yield from parts
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NOT_THE_FILES_FAULT:
            raise
        raise UnforeseenFault("The file is damaged, or written in a way that its reader does not know.") from error


def _extractor(media_type: str) -> Extractor:
    module = importlib.import_module(f"{__name__}.{_EXTRACTORS[media_type]}")
    extractor: Extractor = module.extract
    return extractor
