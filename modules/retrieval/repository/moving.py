"""Published chunks on their way to another store; they are taken in as new ones are, by writing and publishing."""

from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol

from footnote.modules.retrieval.models import Build, Chunk, Kind
from footnote.modules.retrieval.repository.spaces import Space
from footnote.platform.inference import Embeddings

PARENT: Kind = "parent"
BATCH = 256  # chunks
Position = tuple[int, int, str]  # start, end and kind
FIRST: Position = (-1, -1, "")


class ChunkBatch(NamedTuple):
    chunks: list[Chunk]
    embeddings: Embeddings  # float32 [chunks but parents, dimension]
    tokens: list[bytes]  # of each chunk that is no parent the codes of its tokens, empty if it has none


class IndexMoving(Protocol):
    async def published(self, tenant: str, document_id: str, active: Space) -> Build | None:
        """What is published of a document; its embedding is `active`, if all chunks have one there."""
        ...

    def chunks(self, build: Build) -> AsyncIterator[ChunkBatch]:
        """The chunks of a published build in batches, parents first, each by start, end and kind.

        Embeddings are of the model that `build` names, and codes, too. If the build is published no more, some are
        missing.
        """
        ...


def position(chunk: Chunk) -> Position:
    return chunk.start, chunk.end, chunk.kind
