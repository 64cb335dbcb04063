"""Spaces of embeddings in SQLite."""

import sqlite3
from collections.abc import Sequence

import numpy as np

from footnote.modules.retrieval.ranking.late import encoded
from footnote.modules.retrieval.repository.spaces import BareChunk, Key, Space, embedded_text
from footnote.modules.retrieval.repository.sqlite_tokens import add_tokens
from footnote.modules.retrieval.repository.writing import CHANGED, EMBEDDING_TYPE, place_of
from footnote.platform.inference import Embeddings
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

SPACES = "SELECT name, dimension, state FROM embedding_space WHERE state <> 'retired' ORDER BY state"
RETIRE_OTHERS = """
UPDATE embedding_space SET state = 'retired' WHERE state = 'filling' AND name <> :name
AND NOT EXISTS (SELECT 1 FROM embedding_space WHERE name = :name AND state = 'active')
"""
BEGIN = """
INSERT INTO embedding_space (name, dimension, state)
SELECT :name, :dimension, iif(count(*), 'filling', 'active') FROM embedding_space WHERE state = 'active'
ON CONFLICT (name) DO UPDATE SET state = 'filling' WHERE state = 'retired'
"""
ANOTHER = "SELECT 1 FROM embedding_space WHERE state <> 'active'"
FIND = "SELECT name, dimension, state FROM embedding_space WHERE name = ?"
BARE = """
SELECT chunk.number, chunk.text, chunk.place, publication.title, publication.tenant, publication.document_id
FROM chunk
JOIN build ON build.number = chunk.build
JOIN publication ON publication.build = build.number
WHERE chunk.number > :after AND chunk.kind <> 'parent' AND build.embedding <> :space
AND NOT EXISTS (SELECT 1 FROM space_embedding WHERE number = chunk.number AND space = :space)
ORDER BY chunk.number LIMIT :limit
"""
HEAD = "SELECT coalesce(max(sequence), 0) AS head FROM index_change"
LATELY_BARE = f"""
SELECT 1 FROM ({BARE}) AS bare
JOIN index_change ON index_change.tenant = bare.tenant AND index_change.document_id = bare.document_id
WHERE index_change.sequence > :since LIMIT 1
"""
FILL = """
INSERT INTO space_embedding (number, space, embedding)
SELECT number, :space, :embedding FROM chunk WHERE number = :number ON CONFLICT DO NOTHING
"""
RETIRE_ACTIVE = "UPDATE embedding_space SET state = 'retired' WHERE state = 'active'"
ACTIVATE = "UPDATE embedding_space SET state = 'active' WHERE name = ? AND state = 'filling'"
RETIRED = "SELECT name FROM embedding_space WHERE state = 'retired' ORDER BY name"
# What was built for a model that is no longer used is from now on what was built for the active one.
ADOPT_BUILDS = """
UPDATE build SET embedding = :active WHERE embedding = :retired AND NOT EXISTS (
  SELECT 1 FROM chunk WHERE chunk.build = build.number AND chunk.kind <> 'parent'
  AND NOT EXISTS (SELECT 1 FROM space_embedding WHERE number = chunk.number AND space = :active)
)
"""
ADOPT_EMBEDDINGS = """
UPDATE chunk_embedding SET embedding = adopted.embedding
FROM space_embedding AS adopted, chunk, build
WHERE adopted.number = chunk_embedding.number AND adopted.space = :active
AND chunk.number = chunk_embedding.number AND build.number = chunk.build AND build.embedding = :active
"""
FORGET_ADOPTED = """
DELETE FROM space_embedding WHERE space = :active AND EXISTS (
  SELECT 1 FROM chunk JOIN build ON build.number = chunk.build
  WHERE chunk.number = space_embedding.number AND build.embedding = :active
)
"""
FORGET_EMBEDDINGS = "DELETE FROM space_embedding WHERE space = :retired"
FORGET_SNAPSHOT = "DELETE FROM index_snapshot WHERE space = :retired"
FORGET_TOKENS = "DELETE FROM chunk_tokens WHERE space = :retired"
FORGET_SPACE = "DELETE FROM embedding_space WHERE name = :retired AND state = 'retired'"
FORGET_RETIRED = (FORGET_EMBEDDINGS, FORGET_TOKENS, FORGET_SNAPSHOT, FORGET_SPACE)


class SqliteSpaces:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def begin(self, name: str, dimension: int) -> Space:
        def work(connection: sqlite3.Connection) -> Space:
            values = {"name": name, "dimension": dimension}
            connection.execute(RETIRE_OTHERS, values)
            connection.execute(BEGIN, values)
            return _space(connection.execute(FIND, (name,)).fetchone())

        for space in await self.living():
            if space.name == name:
                return space
        async with self._database.transaction() as tx:
            return await tx.run(work)

    async def living(self) -> tuple[Space, ...]:
        rows = await self._database.read(lambda connection: connection.execute(SPACES).fetchall())
        return tuple(_space(row) for row in rows)

    async def is_changing(self) -> bool:
        return bool(await self._database.read(lambda connection: connection.execute(ANOTHER).fetchone()))

    async def bare(self, space: Space, after: Key | None, limit: int) -> list[BareChunk]:
        values = {"space": space.name, "after": after or 0, "limit": limit}
        rows = await self._database.read(lambda connection: connection.execute(BARE, values).fetchall())
        return [_bare(row) for row in rows]

    async def fill(
        self,
        tx: Transaction,
        space: Space,
        chunks: Sequence[BareChunk],
        embeddings: Embeddings,
        tokens: Sequence[Embeddings] | None = None,
    ) -> None:
        def work(connection: sqlite3.Connection) -> None:
            of_tokens: Sequence[Embeddings | None] = tokens or [None] * len(chunks)
            rows = zip(chunks, np.ascontiguousarray(embeddings, EMBEDDING_TYPE), of_tokens, strict=True)
            for chunk, embedding, states in rows:
                values = {"space": space.name, "embedding": embedding.tobytes(), "number": chunk.key}
                if connection.execute(FILL, values).rowcount and states is not None:
                    add_tokens(connection, int(chunk.key), space.name, encoded(states))
            for document in dict.fromkeys((chunk.tenant, chunk.document_id) for chunk in chunks):
                connection.execute(CHANGED, (*document, "described"))

        await sqlite(tx).run(work)

    async def prepare(self, space: Space) -> None:
        return  # searches compare in memory, with what they load when they need it

    async def head(self) -> int:
        row = await self._database.read(lambda connection: connection.execute(HEAD).fetchone())
        head: int = row["head"]
        return head

    async def switch(self, tx: Transaction, since: int) -> bool:
        return await sqlite(tx).run(lambda connection: _switched(connection, since))

    async def drop_retired(self) -> list[str]:
        async with self._database.transaction() as tx:
            return await tx.run(_dropped)


def _switched(connection: sqlite3.Connection, since: int) -> bool:
    for space in map(_space, connection.execute(SPACES).fetchall()):
        if connection.execute(LATELY_BARE, {"space": space.name, "after": 0, "limit": -1, "since": since}).fetchone():
            return False
        if space.state == "filling":
            connection.execute(RETIRE_ACTIVE)
            connection.execute(ACTIVATE, (space.name,))
    return True


def _dropped(connection: sqlite3.Connection) -> list[str]:
    retired = [str(row["name"]) for row in connection.execute(RETIRED)]
    active = next(row["name"] for row in connection.execute(SPACES)) if retired else None
    for name in retired:
        values = {"retired": name, "active": active}
        for statement in (ADOPT_BUILDS, ADOPT_EMBEDDINGS, FORGET_ADOPTED, *FORGET_RETIRED):
            connection.execute(statement, values)
    return retired


def _space(row: sqlite3.Row) -> Space:
    return Space(name=row["name"], dimension=row["dimension"], state=row["state"])


def _bare(row: sqlite3.Row) -> BareChunk:
    place = place_of(row)
    return BareChunk(
        key=row["number"],
        tenant=row["tenant"],
        document_id=row["document_id"],
        text=embedded_text(row["title"], place.heading_path, place.context, row["text"]),
    )
