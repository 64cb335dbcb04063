"""Rich Text files, which old word processors share: their words and paragraphs."""

from collections.abc import Iterator
from pathlib import Path

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.kinds import RTF
from footnote.modules.ingestion.extraction.rtf import text_of_rtf
from footnote.modules.ingestion.models import Extraction


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    composer = Composer()
    lines = text_of_rtf(path.read_bytes()).split("\n")
    for number, line in enumerate(lines):
        composer.block(line)
        if composer.is_full:
            context.report(number, len(lines))
            yield composer.build(RTF)
    yield composer.build(RTF)
