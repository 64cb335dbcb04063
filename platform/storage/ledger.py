"""Users of blobs, counted in SQLite."""

import sqlite3

from footnote.platform.storage import Blob, Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

ADD = """
INSERT INTO blob (tenant, sha256, size, users) VALUES (?, ?, ?, 1)
ON CONFLICT (tenant, sha256) DO UPDATE SET users = users + 1
"""
DROP = "UPDATE blob SET users = users - 1 WHERE tenant = ? AND sha256 = ? RETURNING users"
UNUSED = "SELECT tenant, sha256 FROM blob WHERE users = 0"
USED = "SELECT tenant, sha256 FROM blob WHERE users > 0"
USERS = "SELECT tenant FROM blob WHERE sha256 = ? AND users > 0"
FORGET = "DELETE FROM blob WHERE tenant = ? AND sha256 = ? AND users = 0"


class SqliteBlobLedger:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, tx: Transaction, tenant: str, blob: Blob) -> None:
        await sqlite(tx).run(lambda connection: connection.execute(ADD, (tenant, blob.sha256, blob.size)))

    async def drop(self, tx: Transaction, tenant: str, sha256: str) -> int:
        return await sqlite(tx).run(lambda connection: _drop(connection, tenant, sha256))

    async def unused(self) -> list[tuple[str, str]]:
        return await self._database.read(lambda connection: [tuple(row) for row in connection.execute(UNUSED)])

    async def used(self) -> list[tuple[str, str]]:
        return await self._database.read(lambda connection: [tuple(row) for row in connection.execute(USED)])

    async def users(self, tx: Transaction, sha256: str) -> list[str]:
        return await sqlite(tx).run(lambda connection: [row["tenant"] for row in connection.execute(USERS, (sha256,))])

    async def forget(self, tx: Transaction, tenant: str, sha256: str) -> bool:
        return await sqlite(tx).run(lambda connection: connection.execute(FORGET, (tenant, sha256)).rowcount > 0)


def _drop(connection: sqlite3.Connection, tenant: str, sha256: str) -> int:
    row = connection.execute(DROP, (tenant, sha256)).fetchone()
    return int(row["users"]) if row else 0
