"""Memories in SQLite."""

import sqlite3

import msgspec

from footnote.modules.generation.conversations.errors import MemoryNotFound
from footnote.modules.generation.conversations.models import Memory, MemoryPage
from footnote.modules.generation.conversations.repository import sqlite_statements as sql
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite


class SqliteMemoryRepository:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, tx: Transaction, principal: Principal, memory: Memory) -> None:
        bound = {**_owned(principal, memory.id), **_row(memory)}
        await sqlite(tx).run(lambda connection: connection.execute(sql.INSERT_MEMORY, bound))

    async def page(self, principal: Principal, *, cursor: str | None, limit: int) -> MemoryPage:
        bound = (principal.tenant, principal.subject, cursor or "~", limit + 1)
        rows = await self._database.read(
            lambda connection: connection.execute(sql.SELECT_MEMORY_PAGE, bound).fetchall()
        )
        items = tuple(to_memory(row) for row in rows[:limit])
        return MemoryPage(items=items, next_cursor=items[-1].id if len(rows) > limit else None)

    async def get(self, principal: Principal, memory_id: str) -> Memory:
        bound = _owned(principal, memory_id)
        row = await self._database.read(lambda connection: connection.execute(sql.SELECT_MEMORY, bound).fetchone())
        if row is None:
            raise MemoryNotFound(memory_id)
        return to_memory(row)

    async def replace(self, tx: Transaction, principal: Principal, memory: Memory) -> None:
        await _change(tx, sql.REPLACE_MEMORY, {**_owned(principal, memory.id), **_row(memory)})

    async def delete(self, tx: Transaction, principal: Principal, memory_id: str) -> None:
        await _change(tx, sql.DELETE_MEMORY, _owned(principal, memory_id))

    async def all(self, tx: Transaction, principal: Principal) -> list[Memory]:
        bound = {"tenant": principal.tenant, "owner": principal.subject}
        rows = await sqlite(tx).run(lambda connection: connection.execute(sql.SELECT_MEMORIES, bound).fetchall())
        return [to_memory(row) for row in rows]


async def _change(tx: Transaction, statement: str, bound: dict[str, str]) -> None:
    if not await sqlite(tx).run(lambda connection: connection.execute(statement, bound).rowcount):
        raise MemoryNotFound(bound["id"])


def _owned(principal: Principal, memory_id: str) -> dict[str, str]:
    return {"tenant": principal.tenant, "owner": principal.subject, "id": memory_id}


def _row(memory: Memory) -> dict[str, str]:
    times = {"created_at": memory.created_at.isoformat(), "updated_at": memory.updated_at.isoformat()}
    return {"text": memory.text, **times}


def to_memory(row: sqlite3.Row) -> Memory:
    return msgspec.convert({name: row[name] for name in Memory.__struct_fields__}, Memory)
