"""Memories in MongoDB."""

from typing import Any

import msgspec

from footnote.modules.generation.conversations.errors import MemoryNotFound
from footnote.modules.generation.conversations.models import Memory, MemoryPage
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, mongo

NEWEST_FIRST = [("_id", -1)]


class MongoMemoryRepository:
    def __init__(self, database: MongoDatabase) -> None:
        self._memories = database.collection("memory")

    async def add(self, tx: Transaction, principal: Principal, memory: Memory) -> None:
        await self._memories.insert_one({**_owned(principal, memory.id), **_row(memory)}, tx=mongo(tx))

    async def page(self, principal: Principal, *, cursor: str | None, limit: int) -> MemoryPage:
        wanted: dict[str, Any] = _all_of(principal)
        if cursor is not None:
            wanted["_id"] = {"$lt": cursor}
        rows = await self._memories.find(wanted, sort=NEWEST_FIRST, limit=limit + 1)
        items = tuple(map(to_memory, rows[:limit]))
        return MemoryPage(items=items, next_cursor=items[-1].id if len(rows) > limit else None)

    async def get(self, principal: Principal, memory_id: str) -> Memory:
        row = await self._memories.find_one(_owned(principal, memory_id))
        if row is None:
            raise MemoryNotFound(memory_id)
        return to_memory(row)

    async def replace(self, tx: Transaction, principal: Principal, memory: Memory) -> None:
        changed = {"text": memory.text, "updated_at": memory.updated_at.isoformat()}
        if not await self._memories.update_one(_owned(principal, memory.id), {"$set": changed}, tx=mongo(tx)):
            raise MemoryNotFound(memory.id)

    async def delete(self, tx: Transaction, principal: Principal, memory_id: str) -> None:
        if not await self._memories.delete_one(_owned(principal, memory_id), tx=mongo(tx)):
            raise MemoryNotFound(memory_id)

    async def all(self, tx: Transaction, principal: Principal) -> list[Memory]:
        rows = await self._memories.find(_all_of(principal), sort=NEWEST_FIRST, tx=mongo(tx))
        return [to_memory(row) for row in rows]


def _all_of(principal: Principal) -> dict[str, Any]:
    return {"tenant": principal.tenant, "owner": principal.subject}


def _owned(principal: Principal, memory_id: str) -> dict[str, Any]:
    return {"_id": memory_id, **_all_of(principal)}


def _row(memory: Memory) -> dict[str, str]:
    times = {"created_at": memory.created_at.isoformat(), "updated_at": memory.updated_at.isoformat()}
    return {"text": memory.text, **times}


def to_memory(row: dict[str, Any]) -> Memory:
    fields = {name: row[name] for name in ("text", "created_at", "updated_at")}
    return msgspec.convert({"id": row["_id"], **fields}, Memory)
