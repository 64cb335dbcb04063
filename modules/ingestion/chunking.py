"""Cuts a text into chunks along its structure."""

from collections.abc import Iterator

import msgspec

from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.packing import Packer
from footnote.modules.ingestion.places import line_boxes
from footnote.modules.ingestion.sections import SPECIAL_TOKENS, Header, Sectioner
from footnote.modules.retrieval import Chunk
from footnote.platform.inference import Tokenizer

REVISION = 1  # raise it when the same settings cut otherwise


class StructureChunker:
    """Sections, paragraphs, sentences, list items and table rows stay whole as far as they fit."""

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int = 256, overlap: float = 0.15) -> None:
        """`max_tokens` counts all that is embedded: title, headings, text and special tokens.

        `overlap` is the share of a chunk that the next one of the same section repeats.
        """
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._overlap = overlap

    @property
    def signature(self) -> str:
        """Whatever decides what `chunk` yields."""
        return f"structure-{REVISION}/{self._max_tokens}/{self._overlap:g}"

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]:
        """The chunks in reading order; together they hold all of the text but white space."""
        header = Header(self._tokenizer, title, self._max_tokens)
        sectioner = Sectioner(self._tokenizer, extraction, header)
        drafts = Packer(self._overlap).pack(sectioner.sections())
        chunks = [_chunk(extraction, draft.units[0].start, draft.units[-1].end, draft.section.path) for draft in drafts]
        counted = self._fitting(extraction, title, chunks, header, sectioner)
        return [_placed(extraction, chunk) for chunk in counted]

    def _fitting(
        self, extraction: Extraction, title: str, chunks: list[Chunk], header: Header, sectioner: Sectioner
    ) -> Iterator[Chunk]:
        """The chunks with their token counts; those that have too many after all are halved.

        Words that were cut inside, by force, may fall into more tokens than they did as part of the text.
        """
        counts = self._tokenizer.count([chunk.embedded_text(title) for chunk in chunks])
        for chunk, tokens in zip(chunks, counts, strict=True):
            if tokens > header.limit(chunk.heading_path) and len(chunk.text) > 1:
                halves = sectioner.halves(chunk.start, chunk.end)
                parts = [_chunk(extraction, start, end, chunk.heading_path) for start, end in halves]
                yield from self._fitting(extraction, title, parts, header, sectioner)
            else:
                yield msgspec.structs.replace(chunk, tokens=tokens + SPECIAL_TOKENS)


def _chunk(extraction: Extraction, start: int, end: int, path: tuple[str, ...]) -> Chunk:
    return Chunk(start=start, end=end, text=extraction.text[start:end], tokens=0, heading_path=path)


def _placed(extraction: Extraction, chunk: Chunk) -> Chunk:
    boxes = tuple(line_boxes(extraction, chunk.start, chunk.end))
    return msgspec.structs.replace(chunk, boxes=boxes, pages=tuple(dict.fromkeys(box.page for box in boxes)))
