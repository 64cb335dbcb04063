"""Files in, canonical text and layout out. Pure and synchronous: meant for a child process."""

import importlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from footnote.modules.ingestion.extraction.errors import EmptyFile, NoText
from footnote.modules.ingestion.extraction.language import language_of
from footnote.modules.ingestion.extraction.sniff import DOCX, HTML, MARKDOWN, PDF, PLAIN, sniff
from footnote.modules.ingestion.models import Extraction

__all__ = ["SUPPORTED", "extract", "sniff"]

# Modules by name: the server sniffs files and should not load every parser for it.
_EXTRACTORS = {PLAIN: "text", MARKDOWN: "markdown", HTML: "html", DOCX: "docx", PDF: "pdf"}
SUPPORTED = frozenset(_EXTRACTORS)


def extract(path: Path, media_type: str) -> Extraction:
    """The canonical text of the file at `path`, which is of one of the `SUPPORTED` kinds, with its layout.

    Raises:
        Unreadable: Empty, damaged, protected by a password, not of that kind, or without any text.
    """
    if not path.stat().st_size:
        raise EmptyFile("The file has no content.")
    extraction = _extractor(media_type)(path)
    if not extraction.layout.blocks:
        raise NoText("There is no text in this file.")
    if extraction.language:
        return extraction
    return msgspec.structs.replace(extraction, language=language_of(extraction.text))


def _extractor(media_type: str) -> Callable[[Path], Extraction]:
    module = importlib.import_module(f"{__name__}.{_EXTRACTORS[media_type]}")
    extractor: Callable[[Path], Extraction] = module.extract
    return extractor
