"""Published chunks out of SQLite."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import numpy as np

from footnote.modules.retrieval.models import Build, Chunk
from footnote.modules.retrieval.repository.moving import BATCH, FIRST, ChunkBatch, Position, position
from footnote.modules.retrieval.repository.spaces import Space
from footnote.modules.retrieval.repository.writing import EMBEDDING_TYPE, place_of
from footnote.platform.storage.sqlite import SqliteDatabase

PUBLISHED = """
SELECT build.id, build.tenant, build.document_id, build.version, build.language, iif(EXISTS (
  SELECT 1 FROM chunk WHERE chunk.build = build.number AND chunk.kind <> 'parent'
  AND NOT EXISTS (SELECT 1 FROM space_embedding WHERE number = chunk.number AND space = :active)
), build.embedding, :active) AS embedding
FROM publication JOIN build ON build.number = publication.build
WHERE publication.tenant = :tenant AND publication.document_id = :document_id
"""
CHUNKS = """
SELECT chunk.*, parent.start AS parent_start, parent."end" AS parent_end,
  iif(build.embedding = :embedding, chunk_embedding.embedding, space_embedding.embedding) AS embedding,
  chunk_tokens.codes AS token_codes
FROM build JOIN chunk ON chunk.build = build.number
LEFT JOIN chunk_embedding ON chunk_embedding.number = chunk.number
LEFT JOIN space_embedding ON space_embedding.number = chunk.number AND space_embedding.space = :embedding
LEFT JOIN chunk_tokens ON chunk_tokens.number = chunk.number AND chunk_tokens.space = :embedding
LEFT JOIN chunk AS parent ON parent.number = chunk_embedding.parent
WHERE build.tenant = :tenant AND build.document_id = :document_id AND build.id = :id
  AND (chunk.kind = 'parent') = :parents AND (chunk.start, chunk."end", chunk.kind) > (:start, :end, :kind)
ORDER BY chunk.start, chunk."end", chunk.kind LIMIT :limit
"""


class SqliteIndexMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def published(self, tenant: str, document_id: str, active: Space) -> Build | None:
        asked = {"tenant": tenant, "document_id": document_id, "active": active.name}
        row = await self._database.read(lambda connection: connection.execute(PUBLISHED, asked).fetchone())
        return None if row is None else Build(**dict(row))

    async def chunks(self, build: Build) -> AsyncIterator[ChunkBatch]:
        for parents in (True, False):
            after: Position = FIRST
            while rows := await self._page(build, parents, after):
                chunks = [_chunk(row) for row in rows]
                tokens = [] if parents else [row["token_codes"] or b"" for row in rows]
                yield ChunkBatch(chunks, _embeddings(rows), tokens)
                after = position(chunks[-1])

    async def _page(self, build: Build, parents: bool, after: Position) -> list[sqlite3.Row]:
        start, end, kind = after
        wanted: dict[str, Any] = {"parents": parents, "start": start, "end": end, "kind": kind, "limit": BATCH}
        wanted |= msgspec.structs.asdict(build)
        return await self._database.read(lambda connection: connection.execute(CHUNKS, wanted).fetchall())


def _chunk(row: sqlite3.Row) -> Chunk:
    return Chunk(
        start=row["start"],
        end=row["end"],
        text=row["text"],
        tokens=row["tokens"],
        kind=row["kind"],
        parent=None if row["parent_start"] is None else (row["parent_start"], row["parent_end"]),
        **msgspec.structs.asdict(place_of(row)),
    )


def _embeddings(rows: Sequence[sqlite3.Row]) -> np.ndarray:
    blobs = [row["embedding"] for row in rows if row["embedding"] is not None]
    return np.frombuffer(b"".join(blobs), EMBEDDING_TYPE).reshape(len(blobs), -1) if blobs else np.zeros((0, 0), "<f4")
