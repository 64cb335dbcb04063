"""SQLite: one file in WAL mode, one writer, several readers, each on a thread of its own."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Literal, TypeVar

from footnote.platform.storage import Transaction
from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.turns import AT_ONCE, Turns

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

Synchronous = Literal["full", "normal", "off"]

CACHED = 16 << 10  # KiB of pages that each connection may keep: of the 2,000 it would, one search takes a third


class SqliteTransaction:
    store = "sqlite"

    def __init__(self, database: "SqliteDatabase") -> None:
        self._database = database

    async def run(self, work: Work[T]) -> T:
        """Run `work` inside the transaction, on the writer's thread."""
        return await self._database._write(work)


def sqlite(tx: Transaction) -> SqliteTransaction:
    """The transaction as this adapter's own kind."""
    if not isinstance(tx, SqliteTransaction):
        raise TypeError(f"a {tx.store} transaction was given to a SQLite repository")
    return tx


class SqliteDatabase:
    """Transactions for writers, snapshots for readers. Other processes may use the same file at the same time."""

    def __init__(self, path: Path, readers: int, busy_timeout: timedelta, synchronous: Synchronous) -> None:
        self.path = path
        self._busy_timeout = busy_timeout
        self._synchronous = synchronous
        self._identity: tuple[int, int] | None = None
        self._connections: list[sqlite3.Connection] = []
        self._local = threading.local()
        self._turn = asyncio.Lock()
        self._writer = ThreadPoolExecutor(1, "sqlite-writer", initializer=self._connect)
        self._readers = ThreadPoolExecutor(readers, "sqlite-reader", initializer=self._connect)
        self._computing = Turns(readers * AT_ONCE, "sqlite-computing", self._connect)

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        readers: int = 4,
        busy_timeout: timedelta = timedelta(seconds=30),
        synchronous: Synchronous = "full",
    ) -> "SqliteDatabase":
        """Open or create the file.

        `synchronous="off"` is for throw-away stores: a power cut may then damage the file.

        Raises:
            StoreUnavailable: The file cannot be opened or is no database.
        """
        database = cls(path, readers, busy_timeout, synchronous)
        try:
            await database._write(_use_wal)
            database._identity = await asyncio.to_thread(_identity, path)
        except StoreUnavailable:
            await database.close()
            raise
        return database

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a reader's thread in one snapshot.

        Raises:
            StoreUnavailable: The file is gone, damaged or locked for too long.
        """
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._snapshot, work)

    async def compute(self, work: Work[T]) -> T:
        """`read` for work that computes more than it reads: it takes turns, and others read meanwhile.

        Raises:
            StoreUnavailable: The file is gone, damaged or locked for too long.
        """
        return await asyncio.get_running_loop().run_in_executor(self._computing, self._snapshot, work)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        async with self._turn:
            try:
                await self._write(self._begin)
                yield SqliteTransaction(self)
                await self._write(_commit)
            finally:
                await self._write(_roll_back_if_open)

    async def check(self) -> None:
        """
        Raises:
            StoreUnavailable: The file cannot be read.
        """
        await asyncio.to_thread(self._ensure_in_place)
        await self.read(lambda connection: connection.execute("SELECT count(*) FROM sqlite_schema").fetchone())

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self._readers.shutdown)
        await asyncio.to_thread(self._computing.shutdown)
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    async def _write(self, work: Work[T]) -> T:
        """Run `work` to its end even if the caller is cancelled: the next one needs a connection in a known state."""
        future = asyncio.get_running_loop().run_in_executor(self._writer, self._guarded, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await asyncio.wait([future])
            raise

    def _guarded(self, work: Work[T]) -> T:
        with translated_errors():
            return work(self._connection())

    def _begin(self, connection: sqlite3.Connection) -> None:
        self._ensure_in_place()
        connection.execute("BEGIN IMMEDIATE")

    def _ensure_in_place(self) -> None:
        """What is written to a file that was deleted or replaced would be lost at the next start, and nobody told."""
        if _identity(self.path) != self._identity:
            raise StoreUnavailable("the database file was deleted or replaced; restart footnote")

    def _snapshot(self, work: Work[T]) -> T:
        connection = self._connection()
        with translated_errors():
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                _roll_back_if_open(connection)

    def _connection(self) -> sqlite3.Connection:
        if isinstance(self._local.failure, sqlite3.Error):
            raise self._local.failure
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _connect(self) -> None:
        # An initializer that raises would break its pool for good with an error that names no cause.
        self._local.failure = None
        try:
            connection = sqlite3.connect(
                self.path,
                timeout=self._busy_timeout.total_seconds(),
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            connection.row_factory = sqlite3.Row
            connection.create_function("casefold", 1, str.casefold, deterministic=True)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # also where builds do not
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute(f"PRAGMA cache_size = -{CACHED}")
            self._local.connection = connection
            self._connections.append(connection)
        except sqlite3.Error as error:
            self._local.failure = error


@contextmanager
def translated_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise StoreUnavailable(str(error)) from error


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _use_wal(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")


def _commit(connection: sqlite3.Connection) -> None:
    connection.execute("COMMIT")


def _roll_back_if_open(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
