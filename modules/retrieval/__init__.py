"""Retrieval: owns chunks, builds and publication; finds passages. Other slices import from here and nowhere deeper."""

from collections.abc import Sequence
from typing import Protocol

from footnote.modules.retrieval.context import Context, ContextBuilder, LeftOut, Packing, estimated_tokens
from footnote.modules.retrieval.errors import (
    EmptyQuery,
    InvalidFilter,
    InvalidTopK,
    NoPassages,
    QueryTooLong,
    StaleFence,
)
from footnote.modules.retrieval.models import (
    Box,
    Build,
    Card,
    Cells,
    Chunk,
    Explanation,
    Kind,
    Mode,
    Passage,
    Ranks,
    Removed,
    Scores,
    SearchQuery,
    SearchResults,
)
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction

__all__ = [
    "Box",
    "Build",
    "Card",
    "Cells",
    "Chunk",
    "ChunkIndex",
    "Context",
    "ContextBuilder",
    "EmptyQuery",
    "Explanation",
    "InvalidFilter",
    "InvalidTopK",
    "Kind",
    "LeftOut",
    "Mode",
    "NoPassages",
    "Packing",
    "Passage",
    "QueryTooLong",
    "Ranks",
    "Removed",
    "Retriever",
    "Scores",
    "SearchQuery",
    "SearchResults",
    "StaleFence",
    "estimated_tokens",
]


class ChunkIndex(Protocol):
    """Writing side: builds are written unseen, then published by one compare-and-set."""

    async def written(self, build: Build) -> set[tuple[str, int, int]]:
        """The (kind, start, end) of the chunks of `build` that are already stored, so that work can resume."""
        ...

    async def write(
        self,
        tx: Transaction,
        build: Build,
        title: str,
        chunks: Sequence[Chunk],
        embeddings: Embeddings,
        tokens: Sequence[Embeddings] | None = None,
    ) -> None:
        """Store `chunks`, all or none, not yet searchable.

        `embeddings` are those of the chunks that are not parents, in their order: a parent is never found by itself,
        and needs none. It is written before its children or together with them. Writing a chunk twice is harmless.
        `tokens` are the embeddings of the tokens of the same chunks, each [tokens, dimension], where the model gives
        them; an adapter that has no use for them leaves them.

        Raises:
            ValueError: There are more or fewer embeddings than that, or a chunk comes before its parent.
        """
        ...

    async def publish(self, tx: Transaction, build: Build, card: Card, fence: int) -> None:
        """Make `build` the one that searches see, and drop the document's other builds.

        Raises:
            StaleFence: A job with a greater fencing token has published this document.
        """
        ...

    async def describe(self, tx: Transaction, card: Card) -> None:
        """Apply new readers, title or metadata to a published document; an unpublished one is left alone."""
        ...

    async def remove(self, tx: Transaction, tenant: str, document_id: str) -> Removed:
        """Delete every build, chunk and the publication of a document; an unknown one removes nothing."""
        ...


class Retriever(Protocol):
    """Reading side."""

    def check(self, query: SearchQuery) -> None:
        """What `search` refuses in a query by itself is refused here, before anything is asked.

        Raises:
            InvalidFilter, EmptyQuery, QueryTooLong, InvalidTopK: As of `search`.
        """
        ...

    async def search(self, principal: Principal, query: SearchQuery) -> SearchResults:
        """The best passages of published documents that `principal` may read.

        Raises:
            InvalidFilter: The filters are not of the filter language, or name an undeclared key.
            EmptyQuery: Nothing of the text can be seen.
            QueryTooLong: The text is longer than the limit.
            InvalidTopK: More results, or fewer, than may be asked for.
        """
        ...

    async def passages(self, principal: Principal, document_id: str) -> tuple[Passage, ...]:
        """The published chunks of one document in reading order, parents aside, scores zero.

        Empty if there are none to be seen.
        """
        ...
