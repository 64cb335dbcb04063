"""Prompts in SQLite, each version whole as JSON."""

import sqlite3

import msgspec

from footnote.modules.generation.prompting.models import Prompt
from footnote.modules.generation.repository.moving import PromptRecord
from footnote.platform.storage import Transaction
from footnote.platform.storage.errors import TransactionConflict
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

INSERT = "INSERT INTO prompt (tenant, name, version, body, created_at) VALUES (?, ?, ?, ?, ?)"
SELECT_LAST = "SELECT coalesce(max(version), 0) AS last FROM prompt WHERE tenant = ? AND name = ?"
SELECT_VERSIONS = "SELECT body FROM prompt WHERE tenant = ? AND name = ? ORDER BY version"
FOLLOWING = """
SELECT tenant, body FROM prompt
WHERE tenant || char(10) || name || char(10) || printf('%010d', version) > ?
ORDER BY tenant || char(10) || name || char(10) || printf('%010d', version) LIMIT 1
"""
SELECT_ALL = "SELECT body FROM prompt WHERE tenant = ? ORDER BY name, version"


class SqlitePromptRepository:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, tx: Transaction, tenant: str, prompt: Prompt) -> None:
        body = msgspec.json.encode(prompt).decode()
        created = prompt.created_at.isoformat() if prompt.created_at else ""
        row = (tenant, prompt.name, prompt.version, body, created)
        try:
            await sqlite(tx).run(lambda connection: connection.execute(INSERT, row))
        except sqlite3.IntegrityError as error:
            raise TransactionConflict("another request added the same version") from error

    async def last_version(self, tx: Transaction, tenant: str, name: str) -> int:
        def work(connection: sqlite3.Connection) -> int:
            last: int = connection.execute(SELECT_LAST, (tenant, name)).fetchone()["last"]
            return last

        return await sqlite(tx).run(work)

    async def versions(self, tenant: str, name: str) -> list[Prompt]:
        return await self._read(SELECT_VERSIONS, (tenant, name))

    async def all(self, tenant: str) -> list[Prompt]:
        return await self._read(SELECT_ALL, (tenant,))

    async def _read(self, statement: str, bound: tuple[str, ...]) -> list[Prompt]:
        rows = await self._database.read(lambda connection: connection.execute(statement, bound).fetchall())
        return [msgspec.json.decode(row["body"], type=Prompt) for row in rows]


class SqlitePromptMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def following(self, after: str) -> PromptRecord | None:
        row = await self._database.read(lambda connection: connection.execute(FOLLOWING, (after,)).fetchone())
        if row is None:
            return None
        return PromptRecord(tenant=row["tenant"], prompt=msgspec.json.decode(row["body"], type=Prompt))
