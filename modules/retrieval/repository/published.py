"""What is published, in memory, kept in step with the database by its change log."""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from footnote.modules.retrieval.repository.rows import GONE, Flags, Integers, Rows
from footnote.modules.retrieval.repository.writing import EMBEDDING_TYPE
from footnote.platform.principal import Principal

HEAD = "SELECT coalesce(max(sequence), 0) AS head FROM index_change"
CHANGES = """
SELECT change.tenant, change.document_id, publication.build, publication.owner, publication.readers,
  build.embedding = :space OR NOT EXISTS (
    SELECT 1 FROM chunk WHERE chunk.build = build.number AND chunk.kind <> 'parent'
    AND NOT EXISTS (SELECT 1 FROM space_embedding WHERE number = chunk.number AND space = :space)
  ) AS comparable
FROM index_change AS change
LEFT JOIN publication USING (tenant, document_id)
LEFT JOIN build ON build.number = publication.build
WHERE change.sequence > :head ORDER BY change.sequence
"""
CHUNKS = """
SELECT chunk.number, chunk.build, chunk.start, coalesce(chunk_embedding.parent, chunk.number) AS read_as,
  CASE build.embedding WHEN :space THEN chunk_embedding.embedding ELSE coalesce(space_embedding.embedding, x'') END
  AS embedding
FROM json_each(:builds) AS wanted
JOIN build ON build.number = wanted.value
JOIN chunk ON chunk.build = build.number
JOIN chunk_embedding ON chunk_embedding.number = chunk.number
LEFT JOIN space_embedding ON space_embedding.number = chunk.number AND space_embedding.space = :space
"""
BATCH = 4096  # rows read at a time

Grant = tuple[str, str, tuple[str, ...]]  # tenant, owner, readers
NOBODY: Grant = ("", "", ())


class StaleSnapshot(Exception):
    """The connection's snapshot is older than what is in memory."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One moment of the published index. Columns of documents are indexed as `Rows.documents` says."""

    head: int  # sequence of the latest change in it
    rows: Rows
    document_ids: Sequence[str]  # may go on beyond this moment, as may `grants`
    grants: Sequence[Grant]
    builds: Integers  # of a document, 0 when it is not published
    granted: Integers  # of a document, an index of `grants`
    comparable: Flags  # of a document: embedded by the model that embeds the queries

    def readable(self, principal: Principal) -> Flags:
        """For each document, whether `principal` may read it."""
        grants = self.grants[: int(self.granted.max()) + 1]
        allowed = [principal.may_read(tenant=tenant, owner=owner, readers=to) for tenant, owner, to in grants]
        readable: Flags = np.array(allowed)[self.granted] & (self.builds != 0)
        return readable


class PublishedIndex:
    """Holds the latest view and brings it up to date; safe to use from several threads."""

    def __init__(self, *, embedding: str, dimension: int) -> None:
        self.embedding = embedding
        self._lock = threading.Lock()
        self._documents: dict[tuple[str, str], int] = {("", ""): GONE}
        self._document_ids = [""]
        self._grants: dict[Grant, int] = {NOBODY: 0}
        self._grant_list = [NOBODY]
        self._view = View(
            head=0,
            rows=Rows.empty(dimension),
            document_ids=self._document_ids,
            grants=self._grant_list,
            builds=np.zeros(1, np.int64),
            granted=np.zeros(1, np.int64),
            comparable=np.zeros(1, np.bool_),
        )

    def at(self, connection: sqlite3.Connection) -> View:
        """The view of the same moment as the connection's snapshot.

        Raises:
            StaleSnapshot: Another thread has meanwhile moved on.
        """
        head: int = connection.execute(HEAD).fetchone()["head"]
        with self._lock:
            if head < self._view.head:
                raise StaleSnapshot
            if head > self._view.head:
                self._view = self._after_changes(connection, head)
            return self._view

    def _after_changes(self, connection: sqlite3.Connection, head: int) -> View:
        values = {"head": self._view.head, "space": self.embedding}
        changes = connection.execute(CHANGES, values).fetchall()
        codes = np.array([self._document(row["tenant"], row["document_id"]) for row in changes])
        builds, granted, comparable = self._document_columns()
        before, could = builds[codes], comparable[codes]
        builds[codes] = [row["build"] or 0 for row in changes]
        granted[codes] = [self._grant(row) for row in changes]
        comparable[codes] = [row["comparable"] for row in changes]
        # Documents that have meanwhile got embeddings of this space keep the numbers of their chunks.
        filled = codes[(builds[codes] == before) & (before != 0) & comparable[codes] & ~could]
        swapped = codes[builds[codes] != before]
        return View(
            head=head,
            rows=self._rows_after(connection, swapped, filled, builds),
            document_ids=self._document_ids,
            grants=self._grant_list,
            builds=builds,
            granted=granted,
            comparable=comparable,
        )

    def _document_columns(self) -> tuple[Integers, Integers, Flags]:
        """Copies of the view's, as long as there are documents now."""
        view, added = self._view, len(self._document_ids) - len(self._view.builds)
        padding = np.zeros(added, np.int64)
        return (
            np.concatenate([view.builds, padding]),
            np.concatenate([view.granted, padding]),
            np.concatenate([view.comparable, padding.astype(np.bool_)]),
        )

    def _rows_after(
        self, connection: sqlite3.Connection, swapped: Integers, filled: Integers, builds: Integers
    ) -> Rows:
        rows = self._view.rows.without(swapped)
        rows = rows.forgetting(filled) if filled.size else rows
        document_of = {int(builds[code]): int(code) for code in (*swapped, *filled) if builds[code]}
        for batch in _chunks(connection, self.embedding, document_of):
            rows = rows.adding(
                np.array([row["number"] for row in batch]),
                np.array([row["start"] for row in batch]),
                np.array([row["read_as"] for row in batch]),
                np.array([document_of[row["build"]] for row in batch]),
                _embeddings(batch, rows.embeddings.shape[1]),
            )
        return rows

    def _document(self, tenant: str, document_id: str) -> int:
        code = self._documents.setdefault((tenant, document_id), len(self._document_ids))
        if code == len(self._document_ids):
            self._document_ids.append(document_id)
        return code

    def _grant(self, row: sqlite3.Row) -> int:
        if row["build"] is None:
            return 0
        grant = (row["tenant"], row["owner"], tuple(json.loads(row["readers"])))
        code = self._grants.setdefault(grant, len(self._grant_list))
        if code == len(self._grant_list):
            self._grant_list.append(grant)
        return code


def _chunks(connection: sqlite3.Connection, space: str, builds: Collection[int]) -> Iterator[list[sqlite3.Row]]:
    cursor = connection.execute(CHUNKS, {"space": space, "builds": json.dumps(list(builds))})
    while batch := cursor.fetchmany(BATCH):
        yield batch


def _embeddings(batch: Sequence[sqlite3.Row], dimension: int) -> np.ndarray:
    """Float32 [len(batch), dimension]; zero for those of another length, which no query meets."""
    wanted = dimension * EMBEDDING_TYPE.itemsize
    blobs = [row["embedding"] if len(row["embedding"]) == wanted else bytes(wanted) for row in batch]
    return np.frombuffer(b"".join(blobs), EMBEDDING_TYPE).reshape(len(batch), dimension)
