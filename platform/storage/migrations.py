"""Numbered migrations; each slice numbers its own, from 1."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from footnote.platform.storage.errors import SchemaOutdated, SchemaTooNew
from footnote.platform.storage.sqlite import SqliteDatabase

LEDGER = """
CREATE TABLE IF NOT EXISTS migration (
  slice TEXT NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at TEXT NOT NULL,
  PRIMARY KEY (slice, number)
) STRICT
"""
APPLIED = "SELECT slice, number, name, sha256 FROM migration"
RECORD = "INSERT INTO migration VALUES (?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))"


class Migration(msgspec.Struct, frozen=True):
    """Never changed once it was released: a store that has it in another form is one of another version."""

    number: int
    name: str
    sql: str  # a script of several statements

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


Slices = Mapping[str, Sequence[Migration]]


async def migrate(database: SqliteDatabase, slices: Slices) -> list[str]:
    """Apply what is missing, all or nothing; the labels of what was applied.

    Raises:
        SchemaTooNew: The store has migrations that `slices` does not know.
    """

    def work(connection: sqlite3.Connection) -> list[str]:
        connection.execute(LEDGER)
        missing = _missing(connection, slices)
        for name, migration in missing:
            _apply(connection, name, migration)
        return [_label(name, migration.number, migration.name) for name, migration in missing]

    async with database.transaction() as tx:
        return await tx.run(work)


async def set_up(database: SqliteDatabase, slices: Slices) -> list[str]:
    """Migrate a store that nobody has ever set up; any other has to be current.

    Raises:
        SchemaOutdated: Migrations are missing.
        SchemaTooNew: The store has migrations that `slices` does not know.
    """
    if await database.read(_is_new):
        return await migrate(database, slices)
    await require_current(database, slices)
    return []


async def require_current(database: SqliteDatabase, slices: Slices) -> None:
    """
    Raises:
        SchemaOutdated: Migrations are missing.
        SchemaTooNew: The store has migrations that `slices` does not know.
    """

    def work(connection: sqlite3.Connection) -> list[str]:
        missing = _all(slices) if _is_new(connection) else _missing(connection, slices)
        return [_label(name, migration.number, migration.name) for name, migration in missing]

    if missing := await database.read(work):
        raise SchemaOutdated(missing)


def _is_new(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").fetchone() is None


def _missing(connection: sqlite3.Connection, slices: Slices) -> list[tuple[str, Migration]]:
    rows = connection.execute(APPLIED).fetchall()
    applied = {(row["slice"], row["number"]) for row in rows}
    every = _all(slices)
    known = {(name, migration.number, migration.sha256) for name, migration in every}
    if unknown := [row for row in rows if (row["slice"], row["number"], row["sha256"]) not in known]:
        raise SchemaTooNew([_label(row["slice"], row["number"], row["name"]) for row in unknown])
    return [(name, migration) for name, migration in every if (name, migration.number) not in applied]


def _all(slices: Slices) -> list[tuple[str, Migration]]:
    return [(name, migration) for name, migrations in slices.items() for migration in migrations]


def _label(slice_name: str, number: int, name: str) -> str:
    return f"{slice_name}/{number:04d} {name}"


def _apply(connection: sqlite3.Connection, slice_name: str, migration: Migration) -> None:
    # `executescript` would commit the transaction that makes this all or nothing.
    for statement in statements(migration.sql):
        connection.execute(statement)
    connection.execute(RECORD, (slice_name, migration.number, migration.name, migration.sha256))


def statements(script: str) -> Iterator[str]:
    """The statements of a script, triggers whole; a statement ends its line."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        yield pending.strip()
