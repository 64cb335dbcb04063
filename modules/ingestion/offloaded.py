"""What runs in a child process, with its time and memory limited: reading a file, and cutting its text.

Both go from file to file, part by part: neither the child nor the server holds a whole document.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

import msgspec

from footnote.modules.ingestion.extraction import Context, Options, extract
from footnote.modules.ingestion.models import Attachment, Extraction
from footnote.modules.ingestion.orders import OrderReader, Orders
from footnote.modules.ingestion.parts import BETWEEN
from footnote.modules.ingestion.texts import ExtractionWriter, read_contents, read_part
from footnote.modules.retrieval import Chunk
from footnote.platform.language import SAMPLE, language_of
from footnote.platform.process_child import report

SIZE_BYTES = 8
MOST_WARNINGS = 50


class Chunker(Protocol):
    """Picklable."""

    @property
    def signature(self) -> str:
        """Whatever decides what `chunk` yields."""
        ...

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]:
        """The chunks of one part in reading order, with offsets of the part."""
        ...


class Extracted(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of a stored extraction that must be known without reading it."""

    pages: int
    characters: int
    title: str | None
    language: str | None
    warnings: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    orders: Orders = Orders()


def extract_to(target: Path, path: Path, media_type: str, options: Options, scratch: Path) -> Extracted:
    """Write the extraction of the file at `path` to `target`; attachments are left in `scratch`."""
    return write_parts(target, extract(path, media_type, Context(scratch, options, report)))


def write_parts(target: Path, parts: Iterator[Extraction]) -> Extracted:
    title = language = None
    sample, warnings, attachments = "", list[str](), list[Attachment]()
    orders, start = OrderReader(), 0
    with target.open("xb") as file:
        writer = ExtractionWriter(file)
        for part in parts:
            writer.add(part)
            orders.read(part, start)
            start += len(part.text) + len(BETWEEN)
            title, language = title or part.title, language or part.language
            sample += part.text[: SAMPLE - len(sample)]
            warnings += part.warnings
            attachments += part.attachments
        contents = writer.close()
    return Extracted(
        pages=contents.pages,
        characters=contents.characters,
        title=title,
        language=language or language_of(sample),
        warnings=tuple(dict.fromkeys(warnings))[:MOST_WARNINGS],
        attachments=tuple(attachments),
        orders=orders.found(),
    )


def chunk_to(target: Path, path: Path, chunker: Chunker, title: str, size: int) -> int:
    """Write the chunks of the extraction stored at `path` to `target`, in groups of `size`; how many can be found."""
    chunks = _chunks(path, chunker, title)
    count = 0
    with target.open("xb") as file:
        while group := list(islice(chunks, size)):
            packed = msgspec.msgpack.encode(group)
            file.write(len(packed).to_bytes(SIZE_BYTES) + packed)
            count += findable(group)
    return count


def read_groups(path: Path) -> Iterator[list[Chunk]]:
    """The groups that `chunk_to` wrote."""
    with path.open("rb") as file:
        while size := int.from_bytes(file.read(SIZE_BYTES)):
            yield msgspec.msgpack.decode(file.read(size), type=list[Chunk])


def findable(chunks: Iterable[Chunk]) -> int:
    """How many are not only read in place of their children."""
    return sum(chunk.kind != "parent" for chunk in chunks)


def _chunks(path: Path, chunker: Chunker, title: str) -> Iterator[Chunk]:
    entries = read_contents(path).parts
    for number, entry in enumerate(entries):
        report(number, len(entries))
        for chunk in chunker.chunk(read_part(path, entry), title):
            yield chunk.shifted(entry.start)
