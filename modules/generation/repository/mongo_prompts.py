"""Prompts in MongoDB, each version whole as JSON."""

from typing import Any

import msgspec

from footnote.modules.generation.prompting.models import Prompt
from footnote.modules.generation.repository.moving import PromptRecord, prompt_id
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, mongo, raced


class MongoPromptRepository:
    def __init__(self, database: MongoDatabase) -> None:
        self._prompts = database.collection("prompt")

    async def add(self, tx: Transaction, tenant: str, prompt: Prompt) -> None:
        row = {
            "_id": prompt_id(tenant, prompt),
            "tenant": tenant,
            "prompt": prompt.name,
            "version": prompt.version,
            "body": msgspec.json.encode(prompt).decode(),
            "created_at": prompt.created_at.isoformat() if prompt.created_at else "",
        }
        with raced():
            await self._prompts.insert_one(row, tx=mongo(tx))

    async def last_version(self, tx: Transaction, tenant: str, name: str) -> int:
        wanted = {"tenant": tenant, "prompt": name}
        row = await self._prompts.find_one(wanted, sort=[("version", -1)], projection={"version": 1}, tx=mongo(tx))
        return int(row["version"]) if row else 0

    async def versions(self, tenant: str, name: str) -> list[Prompt]:
        return await self._read({"tenant": tenant, "prompt": name})

    async def all(self, tenant: str) -> list[Prompt]:
        return await self._read({"tenant": tenant})

    async def _read(self, wanted: dict[str, Any]) -> list[Prompt]:
        rows = await self._prompts.find(wanted, sort=[("tenant", 1), ("prompt", 1), ("version", 1)])
        return [msgspec.json.decode(row["body"], type=Prompt) for row in rows]


class MongoPromptMoving:
    def __init__(self, database: MongoDatabase) -> None:
        self._prompts = database.collection("prompt")

    async def following(self, after: str) -> PromptRecord | None:
        row = await self._prompts.find_one({"_id": {"$gt": after}}, sort=[("_id", 1)])
        if row is None:
            return None
        return PromptRecord(tenant=row["tenant"], prompt=msgspec.json.decode(row["body"], type=Prompt))
