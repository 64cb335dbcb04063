"""Office files that are encrypted: all that can be said of them is that."""

from collections.abc import Iterator
from pathlib import Path

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import PasswordProtected
from footnote.modules.ingestion.models import Extraction


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    raise PasswordProtected("The file asks for a password. Save a copy without one and upload that.")
