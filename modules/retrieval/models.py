"""What retrieval stores and publishes."""

import hashlib
from datetime import datetime
from typing import Any, Literal

import msgspec

Mode = Literal["hybrid", "dense", "lexical"]
Kind = Literal["child", "parent", "table"]

EMBEDDED_TITLE = 150  # characters


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A rectangle on a page as displayed, in points, origin top left."""

    page: int  # from 1
    x0: float
    y0: float
    x1: float
    y1: float


class Cells(msgspec.Struct, frozen=True, kw_only=True):
    sheet: str
    range: str


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """A span of one document version, the unit that is embedded, retrieved and cited."""

    start: int  # code points of the canonical text
    end: int
    text: str
    tokens: int  # of the embedding model, header included
    kind: Kind = "child"
    heading_path: tuple[str, ...] = ()
    context: str = ""  # embedded and searched with the text, never quoted: what heads the columns of a table
    parent: tuple[int, int] | None = None  # the span of the chunk of kind "parent" that is read instead of this one
    pages: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()
    cells: tuple[Cells, ...] = ()
    seconds: tuple[float, float] | None = None  # from, to

    def shifted(self, by: int) -> "Chunk":
        """The same chunk of a text that has `by` more characters before it."""
        parent = (self.parent[0] + by, self.parent[1] + by) if self.parent else None
        return msgspec.structs.replace(self, start=self.start + by, end=self.end + by, parent=parent)

    def embedded_text(self, title: str) -> str:
        """The text that is embedded: title, headings and context say what the words alone may not.

        Of a title only the beginning counts, or it would leave no room for the words.
        """
        parts = (title[:EMBEDDED_TITLE], " > ".join(self.heading_path), self.context, self.text)
        return "\n".join(part for part in parts if part)


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """One way to index one document version: chunker settings and embedding model decide its id."""

    id: str  # deterministic: the same content, settings and model give it again
    tenant: str
    document_id: str
    version: int
    embedding: str  # name of the embedding model; a query meets only embeddings of its own model
    language: str | None = None  # ISO 639-1, that its words are stemmed in; None: not known

    def chunk_id(self, chunk: Chunk) -> str:
        parts = (self.tenant, self.document_id, self.id, chunk.kind, str(chunk.start), str(chunk.end))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What the index must know of a document to filter by it and to name it."""

    tenant: str
    document_id: str
    owner: str
    readers: tuple[str, ...]
    title: str
    media_type: str
    language: str | None
    metadata: dict[str, Any]
    created_at: datetime


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """What a deletion took out of the index."""

    builds: int
    chunks: int


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    mode: Mode = "hybrid"
    top_k: int = 10
    filters: dict[str, Any] | None = None
    rerank: bool | None = None  # whether a reranker has the last word, where there is one; None: as the settings say
    explain: bool = False


class Scores(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    dense: float | None = None
    lexical: float | None = None
    fused: float | None = None
    rerank: float | None = None


class Ranks(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Places from 1 in each stage's list."""

    dense: int | None = None
    lexical: int | None = None
    fused: int | None = None
    rerank: int | None = None


class Passage(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A chunk as found for one query; where chunks have a parent, the parent with the best child's scores."""

    id: str
    document_id: str
    version: int
    title: str
    text: str
    start: int
    end: int
    pages: tuple[int, ...]
    boxes: tuple[Box, ...]
    heading_path: tuple[str, ...]
    score: float
    scores: Scores
    ranks: Ranks
    cells: tuple[Cells, ...] = ()
    seconds: tuple[float, float] | None = None
    context: str = ""  # what heads the columns of the table that it begins within, each head once


class Note(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one stage of planning did, or why it did nothing; part of what `explain` shows."""

    stage: str
    text: str


class Explanation(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How the order came about, beside the scores and ranks of each passage."""

    fusion: str
    dense_weight: float | None  # of the sum of both scores; none where ranks are fused
    embedding: str
    found: dict[str, int]  # length of each stage's list
    reranker: str | None = None  # that made the order
    queries: tuple[str, ...] = ()  # that were asked, the question itself first
    planning: tuple[Note, ...] = ()
    corrected: dict[str, list[str]] = {}  # words that nothing has, and those that were searched instead


class SearchResults(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Passages in ranked order, best first."""

    results: tuple[Passage, ...]
    trace_id: str
    timings_ms: dict[str, float]
    notes: tuple[str, ...] = ()  # in words, what could not be done as asked
    subjects: tuple[str, ...] = ()  # what the question compares, at least two of them
    explanation: Explanation | None = None  # where the query asks for it
