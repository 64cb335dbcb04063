"""Published chunks on their way to another store; they are taken in as new ones are, by writing and publishing."""

from collections.abc import AsyncIterator
from typing import Protocol

from footnote.modules.retrieval.models import Build, Chunk, Kind
from footnote.platform.inference import Embeddings

PARENT: Kind = "parent"
BATCH = 256  # chunks
Position = tuple[int, int, str]  # start, end and kind
FIRST: Position = (-1, -1, "")

ChunkBatch = tuple[list[Chunk], Embeddings]


class IndexMoving(Protocol):
    async def published(self, tenant: str, document_id: str) -> Build | None: ...

    def chunks(self, build: Build) -> AsyncIterator[ChunkBatch]:
        """The chunks of a published build in batches, parents first, each by start, end and kind.

        With each batch come float32 embeddings [chunks but parents, dimension]. If the build is published no more,
        some are missing.
        """
        ...


def position(chunk: Chunk) -> Position:
    return chunk.start, chunk.end, chunk.kind
