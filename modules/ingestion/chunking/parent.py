"""Small chunks to find, in large ones to read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from footnote.modules.ingestion.chunking.families import family
from footnote.modules.ingestion.chunking.packing import Packer
from footnote.modules.ingestion.chunking.part import Part
from footnote.modules.ingestion.chunking.sections import Section, clipped
from footnote.modules.ingestion.models import Extraction
from footnote.modules.retrieval import Chunk
from footnote.platform.inference import Tokenizer

REVISION = 1  # raise it when the same settings cut otherwise


class ParentChunker:
    """Both follow the structure and repeat nothing: a child is never split between parents."""

    def __init__(self, tokenizer: Tokenizer, *, child_tokens: int = 128, parent_tokens: int = 768) -> None:
        """Both count title, headings, context, text and special tokens, whether they are embedded or not."""
        self._tokenizer = tokenizer
        self._child_tokens = child_tokens
        self._parent_tokens = max(child_tokens, parent_tokens)

    @property
    def signature(self) -> str:
        return f"parent-{REVISION}/{self._child_tokens}/{self._parent_tokens}"

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]:
        """Each parent before its children; the children hold all of the text but white space and furniture."""
        part = Part(self._tokenizer, extraction, title, self._child_tokens)
        return [chunk for run in part.runs() for chunk in self._families(part, run)]

    def _families(self, part: Part, run: Sequence[Section]) -> Iterator[Chunk]:
        large = part.larger(self._parent_tokens)
        drafts = Packer(0.0).pack(replace(section, room=large.room(section.path)) for section in run)
        parents = [part.chunk(draft.start, draft.end, draft.section.path, kind="parent") for draft in drafts]
        for parent in part.finished(parents, large):
            span = parent.start, parent.end
            inner = Packer(0.0).pack(clipped(run, part.tokens, *span))
            children = [part.chunk(draft.start, draft.end, draft.section.path, parent=span) for draft in inner]
            yield from family(parent, part.finished(children))
