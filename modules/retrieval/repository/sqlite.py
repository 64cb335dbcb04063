"""The chunk index in SQLite: what is published is searched in memory, and confirmed in the database."""

import contextvars
import json
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

from opentelemetry import trace

from footnote.modules.retrieval.models import Build, Card, Chunk, Passage, Ranks, Removed, Scores
from footnote.modules.retrieval.repository import Probe, Rank, Ranked, Stored, writing
from footnote.modules.retrieval.repository.listing import Listing
from footnote.modules.retrieval.repository.memory.dense import Question
from footnote.modules.retrieval.repository.memory.keeping import Keeping
from footnote.modules.retrieval.repository.memory.loading import Space
from footnote.modules.retrieval.repository.memory.sparse import Bm25
from footnote.modules.retrieval.repository.memory.tenants import Tenant
from footnote.modules.retrieval.repository.memory.view import HEAD, PublishedIndex, StaleSnapshot, View
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, Work, sqlite

tracer = trace.get_tracer(__name__)
T = TypeVar("T")
Read = Callable[[Work[T]], Awaitable[T]]  # one of the ways in which the database is read

BM25 = Bm25()

COLUMNS = """
SELECT chunk.number, chunk.id, chunk.start, chunk."end", chunk.text, chunk.place,
  publication.document_id, publication.title, build.version
"""
READABLE = """
JOIN build ON build.number = publication.build
WHERE publication.tenant = :tenant AND (
  publication.owner = :subject
  OR EXISTS (SELECT 1 FROM json_each(publication.readers) JOIN json_each(:readers) AS mine USING (value))
)
"""
# A cross join fixes the order: the few chunks first.
CONFIRMED = f"""{COLUMNS}
FROM json_each(:numbers) AS wanted
CROSS JOIN chunk ON chunk.number = wanted.value
CROSS JOIN publication ON publication.build = chunk.build
{READABLE}"""
OF_DOCUMENT = f"""{COLUMNS}
FROM publication CROSS JOIN chunk ON chunk.build = publication.build
{READABLE} AND publication.document_id = :document_id AND chunk.kind <> 'parent'
ORDER BY chunk.start, chunk."end", chunk.kind"""


class SqliteIndex:
    def __init__(
        self,
        database: SqliteDatabase,
        *,
        embedding: str,
        dimension: int,
        folder: Path | None = None,
        bm25: Bm25 = BM25,
    ) -> None:
        """Queries come as embeddings of the model named `embedding`, of length `dimension`, if they name no space.

        What is held in memory is saved in `folder`, if there is one, for the next start to be quick.
        """
        self._database = database
        self._folder = folder
        self._bm25 = bm25
        self._published = self._index_of(Space(embedding, dimension))
        self._former: PublishedIndex | None = None  # for searches that began before another model took its place

    async def written(self, build: Build) -> set[tuple[str, int, int]]:
        return await self._database.read(lambda connection: writing.written(connection, build))

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
        await sqlite(tx).run(lambda connection: writing.write(connection, build, title, chunks, embeddings, tokens))

    @tracer.start_as_current_span("retrieval.publish")
    async def publish(self, tx: Transaction, build: Build, card: Card, fence: int) -> None:
        await sqlite(tx).run(lambda connection: writing.publish(connection, build, card, fence))

    async def describe(self, tx: Transaction, card: Card) -> None:
        await sqlite(tx).run(lambda connection: writing.describe(connection, card))

    @tracer.start_as_current_span("retrieval.remove")
    async def remove(self, tx: Transaction, tenant: str, document_id: str) -> Removed:
        return await sqlite(tx).run(lambda connection: writing.remove(connection, tenant, document_id))

    async def refresh(self) -> None:
        await self._at_one_moment(lambda connection, view: None, self._published, self._database.read)

    async def sweep(self) -> int:
        """See to it that what was deleted does not stay in what is saved, though nobody searches.

        How much is left to another call.
        """
        self._former, published = None, self._published
        if published.is_loaded:
            await self._at_one_moment(lambda connection, view: None, published, self._database.read)
        published.tidy()
        return 0

    async def generation(self) -> int | None:
        head: int = await self._database.read(lambda connection: connection.execute(HEAD).fetchone()["head"])
        return head

    async def removed_since(self, change: int) -> tuple[int, bool]:
        def work(connection: sqlite3.Connection) -> tuple[int, bool]:
            head: int = connection.execute(HEAD).fetchone()["head"]
            return head, connection.execute(REMOVED, (change,)).fetchone() is not None

        return await self._database.read(work)

    async def search(self, principal: Principal, probe: Probe, rank: Rank, stages: Stages) -> tuple[Passage, ...]:
        published = self._published_in(probe)
        question = None if probe.embedding is None else Question.of(probe.embedding)

        def work(connection: sqlite3.Connection, view: View) -> tuple[Passage, ...]:
            stages.saw(view.head)
            listing = self._listing(connection, published, probe, question, stages)
            tenant = view.tenants.get(principal.tenant) or Tenant.empty()
            both = listing.both(tenant, principal, published.languages.names, self._bm25)
            with stages.stage("fuse"):
                ranked = rank(both, Stored(listing.vectors, listing.tokens))
            with stages.stage("confirm"):
                return _confirmed(connection, principal, ranked)

        is_expected = published.expecting(principal, question, probe.enough) if question and not probe.filter else None
        with is_expected or nullcontext():
            return await self._at_one_moment(work, published, self._database.compute)

    async def passages(self, principal: Principal, document_id: str) -> tuple[Passage, ...]:
        def work(connection: sqlite3.Connection) -> tuple[Passage, ...]:
            rows = connection.execute(OF_DOCUMENT, {**_reader(principal), "document_id": document_id})
            return tuple(_passage(row, UNRANKED) for row in rows)

        return await self._database.read(work)

    def _published_in(self, probe: Probe) -> PublishedIndex:
        """What is published, in the space of the question: from now on that of the others too."""
        if probe.space in (None, self._published.space.name) or probe.embedding is None:
            return self._published
        if self._former is None or self._former.space.name != probe.space:
            self._former, self._published = self._published, self._index_of(Space(probe.space, len(probe.embedding)))
            return self._published
        return self._former

    def _listing(
        self,
        connection: sqlite3.Connection,
        published: PublishedIndex,
        probe: Probe,
        question: Question | None,
        stages: Stages,
    ) -> Listing:
        return Listing(connection, published.space, probe, question, stages)

    def _index_of(self, space: Space) -> PublishedIndex:
        keeping = Keeping(self._folder, self._database.path, space) if self._folder else None
        return PublishedIndex(space, keeping)

    async def _at_one_moment(
        self, work: Callable[[sqlite3.Connection, View], T], published: PublishedIndex, read: Read[T]
    ) -> T:
        """Run `work` with a snapshot of the database and the view in memory that equals it."""
        context = contextvars.copy_context()  # spans of the reader's thread join the caller's trace
        while True:
            try:
                return await read(lambda connection: context.run(lambda: work(connection, published.at(connection))))
            except StaleSnapshot:
                continue


def _confirmed(connection: sqlite3.Connection, principal: Principal, ranked: Sequence[Ranked]) -> tuple[Passage, ...]:
    values = {**_reader(principal), "numbers": json.dumps([each.key for each in ranked])}
    rows = {row["number"]: row for row in connection.execute(CONFIRMED, values)}
    return tuple(_passage(rows[each.key], each) for each in ranked if each.key in rows)


def _reader(principal: Principal) -> dict[str, str]:
    return {
        "tenant": principal.tenant,
        "subject": principal.subject,
        "readers": json.dumps(sorted(principal.readers)),
    }


REMOVED = "SELECT 1 FROM index_change WHERE sequence > ? AND kind = 'removed' LIMIT 1"
UNRANKED = Ranked(key=0, score=0.0, scores=Scores(), ranks=Ranks())


def _passage(row: sqlite3.Row, ranked: Ranked) -> Passage:
    place = writing.place_of(row)
    return Passage(
        id=row["id"],
        document_id=row["document_id"],
        version=row["version"],
        title=row["title"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        pages=place.pages,
        boxes=place.boxes,
        heading_path=place.heading_path,
        score=ranked.score,
        scores=ranked.scores,
        ranks=ranked.ranks,
        cells=place.cells,
        seconds=place.seconds,
        context=place.context,
    )
