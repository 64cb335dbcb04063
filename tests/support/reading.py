"""Files read as the pipeline reads them, with their parts joined."""

import tempfile
from pathlib import Path

import msgspec

from footnote.modules.ingestion.extraction import Context, Options, extract
from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.parts import joined
from footnote.platform.language import language_of


def read_file(path: Path, media_type: str, **options: object) -> Extraction:
    with tempfile.TemporaryDirectory() as scratch:
        context = Context(Path(scratch), Options(**options))  # type: ignore[arg-type]
        extraction = joined(list(extract(path, media_type, context)))
    return msgspec.structs.replace(extraction, language=extraction.language or language_of(extraction.text))
