"""The chunk index whose embeddings are compared in a store of their own.

Such a store joins no transaction: it proposes, and the database decides. It is told of embeddings before what they
belong to is committed, so it lacks nothing that is published; what it holds too much is left out here, and swept.
"""

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from footnote.modules.retrieval.models import Build, Chunk
from footnote.modules.retrieval.repository import Probe, writing
from footnote.modules.retrieval.repository.listing import Listing
from footnote.modules.retrieval.repository.memory.dense import Question
from footnote.modules.retrieval.repository.memory.loading import Space
from footnote.modules.retrieval.repository.memory.searching import NOTHING, Found, Searched
from footnote.modules.retrieval.repository.memory.sparse import Integers
from footnote.modules.retrieval.repository.memory.tenants import BUILD, COMPARABLE, Tenant
from footnote.modules.retrieval.repository.memory.view import PublishedIndex
from footnote.modules.retrieval.repository.spaces import BareChunk
from footnote.modules.retrieval.repository.spaces import Space as KeptSpace
from footnote.modules.retrieval.repository.sqlite import SqliteIndex, tracer
from footnote.modules.retrieval.repository.sqlite_spaces import SqliteSpaces
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite
from footnote.platform.turns import waiting

SPARE = 100  # asked for beyond the depth of a list, so that equals at its end are mostly there at once
MORE = 4  # times as many, where they were not
BLUR = 1e-5  # of scores that a store computes in single precision
LONGEST_LIST = 1000  # of builds; a longer one costs more than it spares, unless it leaves out most
BATCH = 1000  # chunks

LAST = "SELECT coalesce(max(number), 0) AS number FROM chunk"
ROW = "SELECT chunk.number, chunk.build, build.tenant,"
ADDED = f"""{ROW} chunk_embedding.embedding
FROM chunk JOIN build ON build.number = chunk.build JOIN chunk_embedding ON chunk_embedding.number = chunk.number
WHERE chunk.number > ?
"""
SOME = f"""{ROW} coalesce(space_embedding.embedding, chunk_embedding.embedding) AS embedding
FROM json_each(:numbers) AS wanted
CROSS JOIN chunk ON chunk.number = wanted.value
JOIN build ON build.number = chunk.build
JOIN chunk_embedding ON chunk_embedding.number = chunk.number
LEFT JOIN space_embedding ON space_embedding.number = chunk.number AND space_embedding.space = :space
WHERE build.embedding = :space OR space_embedding.number IS NOT NULL
"""
EMBEDDED = """
SELECT chunk.number FROM build JOIN chunk ON chunk.build = build.number
WHERE build.embedding = :space AND chunk.kind <> 'parent'
UNION SELECT number FROM space_embedding WHERE space = :space
"""
BUILDS = "SELECT number FROM build"
SPACES = "SELECT name FROM embedding_space WHERE state <> 'retired'"


class Rows(NamedTuple):
    """Embeddings of chunks, float32 [chunks, dimension]."""

    numbers: Sequence[int]
    builds: Sequence[int]
    tenants: Sequence[str]
    embeddings: Embeddings


class VectorStore(Protocol):
    """Holds embeddings by space. Calls block, and come from several threads and processes.

    Raises:
        StoreUnavailable: It did not do what was asked.
    """

    def add(self, space: str, rows: Rows) -> None:
        """Every later search finds them. A chunk may come twice."""
        ...

    def nearest(
        self, space: str, embedding: Embeddings, tenant: str, builds: Sequence[int] | None, limit: int
    ) -> Integers:
        """The numbers of the `limit` chunks of greatest inner product, out of `builds` or all of the tenant.

        Fewer only if there are no more. Scores may be off by `BLUR`.
        """
        ...

    def held(self, space: str) -> tuple[Integers, Integers]:
        """The numbers of all chunks, and their builds."""
        ...

    def drop(self, space: str, builds: Sequence[int]) -> None: ...

    def tidy(self, space: str) -> None:
        """Make searches quick again after changes."""
        ...

    def forget(self, space: str) -> None:
        """All of it."""
        ...


class VectorStoreIndex(SqliteIndex):
    """Words are searched as in `SqliteIndex`, which holds no embeddings here."""

    def __init__(self, database: SqliteDatabase, vectors: VectorStore, *, embedding: str, dimension: int) -> None:
        self._vectors = vectors
        self._swept = -1  # the change up to which there is nothing to sweep
        self._gone: set[int] = set()  # builds that the last sweep did not find in the database
        super().__init__(database, embedding=embedding, dimension=dimension)

    @tracer.start_as_current_span("retrieval.write")
    async def write(
        self,
        tx: Transaction,
        build: Build,
        title: str,
        chunks: Sequence[Chunk],
        embeddings: Embeddings,
        tokens: Sequence[Embeddings] | None = None,
    ) -> None:
        def work(connection: sqlite3.Connection) -> None:
            last = connection.execute(LAST).fetchone()["number"]
            writing.write(connection, build, title, chunks, embeddings, tokens)
            _add(self._vectors, build.embedding, connection.execute(ADDED, (last,)).fetchall())

        await sqlite(tx).run(work)

    async def refresh(self) -> None:
        """Take in what was written while another setting was in force, too."""
        await super().refresh()
        space = self._published.space.name
        held, _ = await asyncio.to_thread(self._vectors.held, space)
        rows = await self._database.read(lambda connection: connection.execute(EMBEDDED, {"space": space}).fetchall())
        missing: list[int] = np.setdiff1d([row["number"] for row in rows], held).tolist()
        for first in range(0, len(missing), BATCH):
            await self._take_in(space, missing[first : first + BATCH])

    async def _take_in(self, space: str, numbers: Sequence[int]) -> None:
        values = {"space": space, "numbers": json.dumps([*numbers])}
        rows = await self._database.read(lambda connection: connection.execute(SOME, values).fetchall())
        await asyncio.to_thread(_add, self._vectors, space, rows)

    async def sweep(self) -> int:
        """Drop what has gone from the database since the sweep before the last.

        So long after, nobody searches in an older snapshot of the database.
        """
        left = await super().sweep()
        head = await self.generation() or 0
        if head == self._swept and not self._gone:
            return left
        spaces = await self._database.read(self._spaces)
        held = {space: set((await asyncio.to_thread(self._vectors.held, space))[1].tolist()) for space in spaces}
        gone = set().union(*held.values()) - await self._database.read(_builds)
        certain, self._gone, self._swept = gone & self._gone, gone - self._gone, head
        if certain:
            await self._drop(held, certain)
        for space in spaces:
            await asyncio.to_thread(self._vectors.tidy, space)
        return left + len(self._gone)

    async def _drop(self, held: Mapping[str, set[int]], gone: set[int]) -> None:
        async with self._database.transaction() as tx:  # meanwhile nobody writes a build that is not to be seen yet
            gone = gone - await tx.run(_builds)
            for space, builds in held.items():
                await asyncio.to_thread(self._vectors.drop, space, sorted(builds & gone))

    def _spaces(self, connection: sqlite3.Connection) -> set[str]:
        return {self._published.space.name} | {row["name"] for row in connection.execute(SPACES)}

    def _index_of(self, space: Space) -> PublishedIndex:
        return PublishedIndex(Space(space.name, space.dimension, is_held=False))

    def _listing(
        self,
        connection: sqlite3.Connection,
        published: PublishedIndex,
        probe: Probe,
        question: Question | None,
        stages: Stages,
    ) -> Listing:
        return _Listing(connection, published.space, probe, question, stages, self._vectors)


class VectorStoreSpaces(SqliteSpaces):
    def __init__(self, database: SqliteDatabase, vectors: VectorStore) -> None:
        super().__init__(database)
        self._vectors = vectors

    async def fill(
        self,
        tx: Transaction,
        space: KeptSpace,
        chunks: Sequence[BareChunk],
        embeddings: Embeddings,
        tokens: Sequence[Embeddings] | None = None,
    ) -> None:
        await super().fill(tx, space, chunks, embeddings, tokens)
        values = {"space": space.name, "numbers": json.dumps([chunk.key for chunk in chunks])}
        rows = await sqlite(tx).run(lambda connection: connection.execute(SOME, values).fetchall())
        await asyncio.to_thread(_add, self._vectors, space.name, rows)

    async def drop_retired(self) -> list[str]:
        names = await super().drop_retired()
        for name in names:
            await asyncio.to_thread(self._vectors.forget, name)
        return names


class _Listing(Listing):
    def __init__(
        self,
        connection: sqlite3.Connection,
        space: Space,
        probe: Probe,
        question: Question | None,
        stages: Stages,
        vectors: VectorStore,
    ) -> None:
        super().__init__(connection, space, probe, question, stages)
        self._vectors = vectors
        self._tenant = ""

    def _searched(self, tenant: Tenant, principal: Principal) -> Searched:
        self._tenant = principal.tenant
        return super()._searched(tenant, principal)

    def _near(self, searched: Searched, question: Question, depth: int) -> Found:
        query = question.embedding
        builds = _findable(searched)
        if builds is not None and not builds:
            return NOTHING
        limit = depth + SPARE
        while True:
            with waiting():
                numbers = self._vectors.nearest(self._space.name, query, self._tenant, builds, limit)
            found = searched.cosines(_rows(searched, numbers), query, self._stored)
            head = found.head(depth)
            if len(numbers) < limit or (len(head.rows) >= depth and found.scores.min() < head.scores.min() - BLUR):
                return head
            limit *= MORE


def _findable(searched: Searched) -> list[int] | None:
    """Builds; None where it is quicker to leave out the others afterwards."""
    tenant = searched.tenant
    parts = zip(searched.segments, searched.admitted, strict=True)
    rows = [part.documents if may.flags is None else part.documents[may.flags] for part, may in parts]
    shown = tenant.shown[np.unique(np.concatenate([np.zeros(0, np.int32), *rows]))]
    builds: list[int] = shown[shown[:, COMPARABLE] != 0, BUILD].tolist()
    are_most = MORE * sum(map(len, rows)) > tenant.counts.sum()
    return None if len(builds) > LONGEST_LIST and are_most else builds


def _rows(searched: Searched, numbers: Integers) -> Integers:
    """Where those chunks stand that may be found."""
    found, first = [np.zeros(0, np.int64)], 0
    for segment, may in zip(searched.segments, searched.admitted, strict=True):
        among = np.isin(segment.numbers, numbers)
        found.append(np.flatnonzero(among if may.flags is None else among & may.flags) + first)
        first += segment.size
    return np.concatenate(found)


def _add(vectors: VectorStore, space: str, rows: Sequence[sqlite3.Row]) -> None:
    if rows:
        embeddings = np.frombuffer(b"".join([row["embedding"] for row in rows]), writing.EMBEDDING_TYPE)
        numbers, builds, tenants = zip(*((row["number"], row["build"], row["tenant"]) for row in rows), strict=True)
        vectors.add(space, Rows(numbers, builds, tenants, embeddings.reshape(len(rows), -1)))


def _builds(connection: sqlite3.Connection) -> set[int]:
    return {row["number"] for row in connection.execute(BUILDS)}
