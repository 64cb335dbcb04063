"""What is published, in memory, kept in step with the database by its change log."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b

import numpy as np

from footnote.modules.retrieval.repository.memory.analysed import Languages
from footnote.modules.retrieval.repository.memory.dense import Question, Vectors, unlisted
from footnote.modules.retrieval.repository.memory.heap import give_back
from footnote.modules.retrieval.repository.memory.keeping import Keeping
from footnote.modules.retrieval.repository.memory.loading import Space, loaded
from footnote.modules.retrieval.repository.memory.merging import Background, Exchange, compacted, due, exchanged
from footnote.modules.retrieval.repository.memory.segments import Segment, one_of
from footnote.modules.retrieval.repository.memory.snapshot import Snapshot
from footnote.modules.retrieval.repository.memory.tenants import BUILD, COMPARABLE, Tenant
from footnote.platform.principal import Principal

HEAD = "SELECT coalesce(max(sequence), 0) AS head FROM index_change"
CHANGES = """
SELECT change.tenant, change.document_id, publication.build, publication.owner, publication.readers, publication.title,
  build.embedding = :space OR NOT EXISTS (
    SELECT 1 FROM chunk WHERE chunk.build = build.number AND chunk.kind <> 'parent'
    AND NOT EXISTS (SELECT 1 FROM space_embedding WHERE number = chunk.number AND space = :space)
  ) AS comparable
FROM index_change AS change
LEFT JOIN publication USING (tenant, document_id)
LEFT JOIN build ON build.number = publication.build
WHERE change.sequence > :head ORDER BY change.tenant
"""


class StaleSnapshot(Exception):
    """The connection's snapshot is older than what is in memory."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One moment of the published index."""

    head: int  # sequence of the latest change in it
    tenants: Mapping[str, Tenant]


class PublishedIndex:
    """Holds the latest view and brings it up to date; safe to use from several threads."""

    def __init__(self, space: Space, keeping: Keeping | None = None) -> None:
        self.space = space
        self.languages = Languages()
        self._lock = threading.Lock()
        self._view = View(head=0, tenants={})
        self._unmerged: set[str] = set()
        self._keeping = keeping
        self.background = Background("index-tidying", self._tidied)

    @property
    def is_loaded(self) -> bool:
        return self._view.head > 0

    def at(self, connection: sqlite3.Connection) -> View:
        """The view of the same moment as the connection's snapshot.

        Raises:
            StaleSnapshot: Another thread has meanwhile moved on.
        """
        head: int = connection.execute(HEAD).fetchone()["head"]
        view = self._view
        if view.head == head:
            return view
        with self._lock:
            if head < self._view.head:
                raise StaleSnapshot
            if head > self._view.head:
                self._view = self._after_changes(connection, head)
            return self._view

    @contextmanager
    def expecting(self, principal: Principal, question: Question, count: int) -> Iterator[None]:
        """Inside, the nearest `count` of all that `principal` may read are asked for.

        Whoever scans that before does so for this question too.
        """
        tenant = self._view.tenants.get(principal.tenant) or Tenant.empty()
        parts = [segment.vectors for segment in tenant.segments]
        for part, may in zip(parts, tenant.known(principal), strict=False):
            part.expect(question, may.flags, may.chunks, count)
        try:
            yield
        finally:
            for part in parts:
                part.forget(question)

    def _after_changes(self, connection: sqlite3.Connection, head: int) -> View:
        view = self._view
        if self._keeping and not view.head:
            view = self._opened(connection, self._keeping, head) or view
        changes = connection.execute(CHANGES, {"head": view.head, "space": self.space.name}).fetchall()
        changed = {
            name: self._changed(connection, view.tenants.get(name) or Tenant.empty(), its_changes)
            for name, its_changes in _by_tenant(changes).items()
        }
        after = View(head=head, tenants={**view.tenants, **changed})
        self._unmerged |= {name for name, tenant in changed.items() if due(tenant.segments)}
        concerned = changed if self._view.head else after.tenants
        if self._unmerged or self._is_due(after) or any(map(_is_unready, concerned.values())):
            self.background.wake()
        return after

    def _opened(self, connection: sqlite3.Connection, keeping: Keeping, head: int) -> View | None:
        snapshot = keeping.opened(connection)
        if snapshot is None or snapshot.head > head:
            return None
        self.languages = Languages(snapshot.languages)
        return View(head=snapshot.head, tenants=snapshot.tenants)

    def _changed(self, connection: sqlite3.Connection, tenant: Tenant, changes: Sequence[sqlite3.Row]) -> Tenant:
        codes = np.array([tenant.documents.code(row["document_id"]) for row in changes])
        granted, shown = tenant.columns()
        before = shown[codes]
        granted[codes] = [_grant(tenant, row) for row in changes]
        shown[codes] = [_shown(row) for row in changes]
        swapped = codes[(shown[codes] != before).any(axis=1)]
        gone = np.zeros(len(shown), np.bool_)
        gone[swapped] = True
        had_rows = (before[:, BUILD] != 0).any()
        segments = [segment.without(gone) for segment in tenant.segments] if had_rows else [*tenant.segments]
        before_rows = [segment.dead for segment in tenant.segments]
        new = swapped[shown[swapped, BUILD] != 0]
        if new.size:
            builds = dict(zip(shown[new, BUILD].tolist(), new.tolist(), strict=True))
            comparable = new[shown[new, COMPARABLE] != 0]
            segments += loaded(connection, self.space, self.languages, builds, comparable)
        if self._keeping:
            has_buried = [segment.dead for segment in segments[: len(before_rows)]] != before_rows
            self._keeping.note(sum(segment.size for segment in segments[len(before_rows) :]), has_buried=has_buried)
        return tenant.after(compacted(segments), granted, shown, codes.tolist())

    def tidy(self) -> None:
        """Begin what may have become due with time."""
        if self._is_due(self._view):
            self.background.wake()

    def _is_due(self, view: View) -> bool:
        chunks = sum(segment.size for tenant in view.tenants.values() for segment in tenant.segments)
        return self._keeping is not None and self._keeping.is_due(chunks)

    def _tidied(self) -> bool:
        """False if there was nothing to do."""
        if self._made_ready():
            return True
        with self._lock:
            name = next(iter(self._unmerged), None)
            parts = due(self._view.tenants[name].segments) if name is not None else ()
            if name is not None and not parts:
                self._unmerged.discard(name)
        if name is None:
            return self._listed_one() or (self._keeping is not None and self._saved(self._keeping))
        if parts:
            whole = one_of(parts)
            self._exchange(name, Exchange(parts, whole))
            if self._keeping and not whole.is_small:
                self._keeping.note(whole.size, has_buried=False)  # its embeddings are to be in a file
        return True

    def _made_ready(self) -> bool:
        """False if every part was."""
        for tenant in self._view.tenants.values():
            for segment in tenant.segments:
                if not segment.is_ready:
                    segment.make_ready()
                    return True
        return False

    def _listed_one(self) -> bool:
        """False if every part that should have inverted lists has them."""
        for name, tenant in self._view.tenants.items():
            for segment in _unlisted(tenant):
                self._list(name, segment, segment.vectors.listed())
                return True
        return False

    def _list(self, name: str, listed: Segment, vectors: Vectors) -> None:
        """Rows may have died meanwhile; a segment that has gone is left alone. It needs a file that has the lists."""
        with self._lock:
            tenant = self._view.tenants[name]
            after = tuple(
                replace(segment, vectors=vectors, file="") if segment.numbers is listed.numbers else segment
                for segment in tenant.segments
            )
            self._view = replace(self._view, tenants={**self._view.tenants, name: tenant.after(after)})
        if self._keeping:
            self._keeping.note(listed.size, has_buried=False)

    def _saved(self, keeping: Keeping) -> bool:
        if not self._is_due(self._view):
            return False
        with keeping.attempt():
            for name, tenant in self._view.tenants.items():
                keeping.settle(tenant.segments, partial(self._exchange_one, name))
            view = self._view
            is_saved = keeping.save(Snapshot(view.head, [*self.languages.names], dict(view.tenants)))
        give_back()
        return is_saved

    def _exchange_one(self, name: str, part: Segment, whole: Segment) -> None:
        self._exchange(name, Exchange([part], whole))

    def _exchange(self, name: str, exchange: Exchange) -> None:
        with self._lock:
            tenant = self._view.tenants[name]
            after = tenant.after(exchanged(tenant.segments, exchange))
            self._view = replace(self._view, tenants={**self._view.tenants, name: after})


def _is_unready(tenant: Tenant) -> bool:
    return not all(segment.is_ready for segment in tenant.segments) or bool(_unlisted(tenant))


def _unlisted(tenant: Tenant) -> list[Segment]:
    return [tenant.segments[place] for place in unlisted([segment.vectors for segment in tenant.segments])]


def _by_tenant(changes: Sequence[sqlite3.Row]) -> dict[str, list[sqlite3.Row]]:
    found: dict[str, list[sqlite3.Row]] = {}
    for row in changes:
        found.setdefault(row["tenant"], []).append(row)
    return found


def _shown(row: sqlite3.Row) -> tuple[int, int, int]:
    """In the order of `BUILD`, `TITLE`, `COMPARABLE`."""
    return (row["build"], _number_of(row["title"]), row["comparable"]) if row["build"] else (0, 0, 0)


def _number_of(title: str) -> int:
    return int.from_bytes(blake2b(title.encode(errors="replace"), digest_size=7).digest(), "little")


def _grant(tenant: Tenant, row: sqlite3.Row) -> int:
    return tenant.grants.code((row["owner"], tuple(json.loads(row["readers"])))) if row["build"] else 0
