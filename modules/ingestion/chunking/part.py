"""One part of a text while it is being cut."""

from collections.abc import Iterator, Sequence

import msgspec

from footnote.modules.ingestion.chunking.headers import SPECIAL_TOKENS, Header
from footnote.modules.ingestion.chunking.sections import Section, Sectioner
from footnote.modules.ingestion.chunking.tables import Tables
from footnote.modules.ingestion.chunking.tokens import Tokens
from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.places import place
from footnote.modules.retrieval import Chunk, Kind
from footnote.platform.inference import Tokenizer


class Part:
    """What stands in it, and the chunks made of it."""

    def __init__(self, tokenizer: Tokenizer, extraction: Extraction, title: str, max_tokens: int) -> None:
        self.header = Header(tokenizer, title, max_tokens)
        self.tokens = Tokens(extraction.text, _token_starts(tokenizer, extraction))
        self._tokenizer = tokenizer
        self._extraction = extraction
        self._title = title
        self._tables = Tables(extraction)

    def runs(self) -> Iterator[list[Section]]:
        """The sections, in runs between which there is furniture: no chunk reaches across."""
        return Sectioner(self._extraction, self.header, self.tokens, self._tables).runs()

    def larger(self, max_tokens: int) -> Header:
        """The header of chunks that may have `max_tokens`."""
        return Header(self._tokenizer, self._title, max_tokens)

    def text(self, start: int, end: int) -> str:
        return self._extraction.text[start:end]

    def context(self, start: int, path: tuple[str, ...]) -> str:
        """What a chunk that begins at `start` must say before its text."""
        return self.header.shortened_context(self._tables.context(start, path))

    def chunk(
        self,
        start: int,
        end: int,
        path: tuple[str, ...],
        *,
        kind: Kind = "child",
        parent: tuple[int, int] | None = None,
    ) -> Chunk:
        """A draft: not counted and not placed."""
        return Chunk(
            start=start,
            end=end,
            text=self.text(start, end),
            tokens=0,
            kind=kind,
            heading_path=path,
            context=self.context(start, path),
            parent=parent,
        )

    def finished(self, drafts: Sequence[Chunk], header: Header | None = None) -> list[Chunk]:
        """The drafts counted and placed, in order; those that have too many tokens for `header` after all are halved.

        Words that were cut inside, by force, may fall into more tokens than they did as part of the text. Where drafts
        overlap a half may then be the half of another, too, and is there once.
        """
        placed = {(chunk.start, chunk.end): chunk for chunk in self._counted(drafts, header or self.header)}
        return [placed[span] for span in sorted(placed)]

    def _counted(self, drafts: Sequence[Chunk], header: Header) -> Iterator[Chunk]:
        counts = self._tokenizer.count([draft.embedded_text(self._title) for draft in drafts])
        for draft, tokens in zip(drafts, counts, strict=True):
            if tokens > header.limit(draft.heading_path, draft.context) and len(draft.text) > 1:
                yield from self._counted(self._halves(draft), header)
            else:
                yield self._placed(draft, tokens + SPECIAL_TOKENS)

    def _halves(self, draft: Chunk) -> list[Chunk]:
        return [
            self.chunk(start, end, draft.heading_path, kind=draft.kind, parent=draft.parent)
            for start, end in self.tokens.halves(draft.start, draft.end)
        ]

    def _placed(self, draft: Chunk, tokens: int) -> Chunk:
        where = place(self._extraction, draft.start, draft.end)
        return msgspec.structs.replace(
            draft, tokens=tokens, pages=where.pages, boxes=where.boxes, cells=where.cells, seconds=where.seconds
        )


def _token_starts(tokenizer: Tokenizer, extraction: Extraction) -> Iterator[int]:
    """Block by block: the spans of all tokens of a long text would take a hundred times its memory."""
    for block in extraction.layout.blocks:
        for start, _ in tokenizer.spans(extraction.text[block.start : block.end]):
            yield block.start + start
