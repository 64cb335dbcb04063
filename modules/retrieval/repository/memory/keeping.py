"""Keeps snapshots of the index in a folder: when one is due, where it is, which one counts."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from loguru import logger

from footnote.modules.retrieval.repository.memory.loading import Space, stored_embeddings
from footnote.modules.retrieval.repository.memory.segments import Segment, one_of
from footnote.modules.retrieval.repository.memory.snapshot import Kind, Snapshot, filed, files_of, load, save
from footnote.modules.retrieval.repository.memory.sparse import Integers
from footnote.platform.inference import Embeddings

NAMED = "SELECT token FROM index_snapshot WHERE space = ?"
NAME = "INSERT OR REPLACE INTO index_snapshot (space, token) VALUES (?, ?)"
# What is deleted from now on would stay in those that nobody searches any more.
FORGET = """
DELETE FROM index_snapshot
WHERE space <> ? AND space NOT IN (SELECT name FROM embedding_space WHERE state <> 'retired')
"""
SPACES = "SELECT space FROM index_snapshot"

MANY = 4096  # chunks that are new since the latest snapshot, and at least
SHARE = 20  # one in so many: then another is due
PATIENCE = 600.0  # seconds that what was deleted may stand in a snapshot
GRACE = 60.0  # seconds after which a file that belongs to no snapshot is nobody's
BUSY = 30.0  # seconds to wait for other writers of the database
REST = 60.0  # seconds between attempts, where one failed

Exchanged = Callable[[Segment, Segment], None]


class Keeping:
    """Of one space. What is due is noticed by any thread; saving is for one at a time."""

    def __init__(
        self, folder: Path, database: Path, space: Space, *, many: int = MANY, patience: float = PATIENCE
    ) -> None:
        self._many = many
        self._patience = patience
        self._root = folder
        self._folder = folder / blake2b(space.name.encode(), digest_size=8).hexdigest()
        self._database = database
        self._space = space
        self._kind = Kind(space.name, space.dimension)
        self._added = 0
        self._is_kept = False
        self._has_buried = False
        self._saved_at = -patience
        self._rests_until = 0.0
        self._files: set[str] = set()  # of the snapshot that this process knows, without their endings

    def opened(self, connection: sqlite3.Connection) -> Snapshot | None:
        """The latest snapshot of the database, if it fits."""
        named = connection.execute(NAMED, (self._space.name,)).fetchone()
        if named is None:
            return None
        self._is_kept = True  # as long as it is named, what was deleted must go from it
        try:
            snapshot = load(self._folder, self._kind, named["token"])
        except Exception as error:  # whatever a damaged file may lead to
            logger.bind(reason=repr(error)).warning("The saved index cannot be used; all chunks are read again")
            return None
        self._files = files_of(snapshot) | {named["token"]}
        return snapshot

    def note(self, added: int, *, has_buried: bool) -> None:
        """`added` chunks are new, or some are gone, since the latest call."""
        self._added += added
        self._has_buried = self._has_buried or has_buried

    def is_due(self, chunks: int) -> bool:
        """`chunks` is how many there are."""
        if time.monotonic() < self._rests_until:
            return False
        if self._added >= max(self._many, chunks // SHARE):
            return True
        return self._is_kept and self._has_buried and time.monotonic() - self._saved_at >= self._patience

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Where it fails, as on a full disk, nothing is due for a while, and all of it after that."""
        added, has_buried = self._added, self._has_buried
        try:
            yield
        except Exception:
            self._added, self._has_buried = max(self._added, added), self._has_buried or has_buried
            self._rests_until = time.monotonic() + REST
            raise

    def settle(self, segments: Iterable[Segment], exchanged: Exchanged) -> None:
        """Write those that need a file of their own, without what is dead; each is then exchanged."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with closing(self._connection()) as connection:

            def stored(numbers: Integers) -> Embeddings:
                return stored_embeddings(connection, self._space, numbers)

            for segment in segments:
                if segment.dead == segment.size or not (segment.dead or self._wants_file(segment)):
                    continue
                whole = one_of([segment]) if segment.dead else segment
                wants_file = self._wants_file(whole)
                exchanged(segment, filed(self._folder, whole, self._space.dimension, stored) if wants_file else whole)

    def save(self, snapshot: Snapshot) -> bool:
        """False if it has to wait, for a segment has not got its file yet."""
        if any(self._wants_file(segment) for tenant in snapshot.tenants.values() for segment in tenant.segments):
            return False
        self._added, self._has_buried, self._saved_at = 0, False, time.monotonic()
        self._folder.mkdir(parents=True, exist_ok=True)
        token = save(self._folder, self._kind, snapshot)
        with closing(self._connection()) as connection:
            before = connection.execute(NAMED, (self._space.name,)).fetchone()
            connection.execute(NAME, (self._space.name, token))
            connection.execute(FORGET, (self._space.name,))
            spaces = [row["space"] for row in connection.execute(SPACES)]
        self._is_kept = True
        known, self._files = self._files, files_of(snapshot) | {token}
        self._sweep((known | {before["token"]} if before else known) - self._files, spaces)
        return True

    def _wants_file(self, segment: Segment) -> bool:
        if segment.is_small:
            return False
        return not segment.file or not (self._folder / f"{segment.file}.segment").exists()

    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._database, timeout=BUSY, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def _sweep(self, replaced: set[str], spaces: Iterable[str]) -> None:
        """What is `replaced` has what was deleted, and goes at once."""
        _remove(self._folder, lambda path: path.stem in replaced or (path.stem not in self._files and _is_old(path)))
        folders = {blake2b(space.encode(), digest_size=8).hexdigest() for space in spaces}
        for folder in self._root.iterdir():
            if folder.is_dir() and folder.name not in folders:
                _remove(folder, _is_old)
                with suppress(OSError):  # it is not empty
                    folder.rmdir()


def _remove(folder: Path, is_unused: Callable[[Path], bool]) -> None:
    for path in folder.iterdir():
        with suppress(OSError):  # another process may do the same
            if is_unused(path):
                path.unlink()


def _is_old(path: Path) -> bool:
    """Others may be writing files that no snapshot names yet: those are younger."""
    return time.time() - path.stat().st_mtime > GRACE
