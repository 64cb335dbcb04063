"""Chunks along the structure of a text."""

from footnote.modules.ingestion.chunking.packing import Packer
from footnote.modules.ingestion.chunking.part import Part
from footnote.modules.ingestion.models import Extraction
from footnote.modules.retrieval import Chunk
from footnote.platform.inference import Tokenizer

REVISION = 2  # raise it when the same settings cut otherwise


class StructureChunker:
    """Sections, paragraphs, sentences, list items and table rows stay whole as far as they fit."""

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int = 256, overlap: float = 0.15) -> None:
        """`max_tokens` counts all that is embedded: title, headings, context, text and special tokens.

        `overlap` is the share of a chunk that the next one of the same section repeats.
        """
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._overlap = overlap

    @property
    def signature(self) -> str:
        return f"structure-{REVISION}/{self._max_tokens}/{self._overlap:g}"

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]:
        """The chunks in reading order; together they hold all of the text but white space and furniture."""
        part = Part(self._tokenizer, extraction, title, self._max_tokens)
        drafts = [draft for run in part.runs() for draft in Packer(self._overlap).pack(run)]
        return part.finished([part.chunk(draft.start, draft.end, draft.section.path) for draft in drafts])
