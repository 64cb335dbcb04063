"""Users of blobs, counted in SQLite."""

import json
import sqlite3
from collections.abc import Sequence

from footnote.platform.storage import Blob, Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

ADD = """
INSERT INTO blob (tenant, sha256, size, users, copy) VALUES (?, ?, ?, 1, ?)
ON CONFLICT (tenant, sha256) DO UPDATE SET users = users + 1 RETURNING copy
"""
DROP = "UPDATE blob SET users = users - 1 WHERE tenant = ? AND sha256 = ? RETURNING users"
UNUSED = "SELECT tenant, sha256 FROM blob WHERE users = 0"
USED = "SELECT tenant, sha256 FROM blob WHERE users > 0"
USERS = "SELECT tenant FROM blob WHERE sha256 = ? AND users > 0"
FORGET = "DELETE FROM blob WHERE tenant = ? AND sha256 = ? AND users = 0 RETURNING copy"
FIND = "SELECT sha256, size, copy FROM blob WHERE tenant = ? AND sha256 = ?"
LIVING = "SELECT copy FROM json_each(?) AS wanted CROSS JOIN blob ON blob.copy = wanted.value AND blob.copy <> ''"


class SqliteBlobLedger:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, tx: Transaction, tenant: str, blob: Blob) -> str:
        values = (tenant, blob.sha256, blob.size, blob.copy)
        return await sqlite(tx).run(lambda connection: str(connection.execute(ADD, values).fetchone()["copy"]))

    async def drop(self, tx: Transaction, tenant: str, sha256: str) -> int:
        return await sqlite(tx).run(lambda connection: _drop(connection, tenant, sha256))

    async def unused(self) -> list[tuple[str, str]]:
        return await self._database.read(lambda connection: [tuple(row) for row in connection.execute(UNUSED)])

    async def used(self) -> list[tuple[str, str]]:
        return await self._database.read(lambda connection: [tuple(row) for row in connection.execute(USED)])

    async def users(self, tx: Transaction, sha256: str) -> list[str]:
        return await sqlite(tx).run(lambda connection: [row["tenant"] for row in connection.execute(USERS, (sha256,))])

    async def forget(self, tx: Transaction, tenant: str, sha256: str) -> str | None:
        row = await sqlite(tx).run(lambda connection: connection.execute(FORGET, (tenant, sha256)).fetchone())
        return None if row is None else str(row["copy"])

    async def find(self, tenant: str, sha256: str) -> Blob | None:
        row = await self._database.read(lambda connection: connection.execute(FIND, (tenant, sha256)).fetchone())
        return None if row is None else Blob(**dict(row))

    async def living(self, copies: Sequence[str]) -> set[str]:
        asked = (json.dumps(list(copies)),)
        return await self._database.read(
            lambda connection: {str(row["copy"]) for row in connection.execute(LIVING, asked)}
        )


def _drop(connection: sqlite3.Connection, tenant: str, sha256: str) -> int:
    row = connection.execute(DROP, (tenant, sha256)).fetchone()
    return int(row["users"]) if row else 0
