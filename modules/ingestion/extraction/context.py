"""What an extractor may use, and what bounds it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of extraction."""

    ocr_languages: str = "eng"  # as tesseract names them, joined by +
    ocr_seconds: float = 120.0  # for one page; far less than the time after which silence counts as a hang
    max_pages: int = 20_000
    max_characters: int = 500_000_000  # of canonical text
    max_unpacked_bytes: int = 1 << 30  # of an archive, or of a document that is one
    max_attachments: int = 1000


def _ignore(done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """One extraction's means."""

    scratch: Path  # an empty folder, gone once the extraction is stored
    options: Options = field(default_factory=Options)
    report: Callable[[int, int], None] = _ignore  # pages done of all; also shows that the work goes on
