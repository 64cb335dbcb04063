"""Answers in MongoDB: each whole as JSON, and beside it the documents that it draws from."""

from collections.abc import Collection
from typing import Any

import msgspec

from footnote.modules.generation.errors import AnswerNotFound
from footnote.modules.generation.models import Answer
from footnote.platform.ids import new_id
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, mongo


class MongoAnswerRepository:
    def __init__(self, database: MongoDatabase) -> None:
        self._answers = database.collection("answer")

    async def add(self, tx: Transaction, principal: Principal, answer: Answer) -> None:
        row = {
            "_id": answer.id,
            "tenant": principal.tenant,
            "owner": principal.subject,
            "question": answer.question,
            "trace_id": answer.trace_id,
            "created_at": answer.created_at.isoformat(),
            **_held(answer),
        }
        await self._answers.insert_one(row, tx=mongo(tx))

    async def get(self, principal: Principal, answer_id: str) -> Answer:
        wanted = {"_id": answer_id, "tenant": principal.tenant, "owner": principal.subject}
        return _answer(await self._answers.find_one(wanted), answer_id)

    async def hold(self, tx: Transaction, principal: Principal, answer_id: str) -> None:
        # A write that changes nothing is none: only another value makes two transactions conflict.
        wanted = {"_id": answer_id, "tenant": principal.tenant, "owner": principal.subject}
        if not await self._answers.update_one(wanted, {"$set": {"held": new_id()}}, tx=mongo(tx)):
            raise AnswerNotFound(answer_id)

    async def get_all(self, principal: Principal, answer_ids: Collection[str]) -> list[Answer]:
        wanted = {"_id": {"$in": sorted(answer_ids)}, "tenant": principal.tenant, "owner": principal.subject}
        rows = await self._answers.find(wanted, sort=[("_id", 1)])
        return [_answer(row, row["_id"]) for row in rows]

    async def drawn_from(self, tx: Transaction, tenant: str, document_id: str) -> list[str]:
        wanted = {"tenant": tenant, "document_ids": document_id}
        rows = await self._answers.find(wanted, projection={"_id": 1}, sort=[("_id", 1)], tx=mongo(tx))
        return [row["_id"] for row in rows]

    async def load(self, tx: Transaction, tenant: str, answer_id: str) -> Answer:
        return _answer(await self._answers.find_one({"_id": answer_id, "tenant": tenant}, tx=mongo(tx)), answer_id)

    async def replace(self, tx: Transaction, tenant: str, answer: Answer) -> None:
        await self._answers.update_one({"_id": answer.id, "tenant": tenant}, {"$set": _held(answer)}, tx=mongo(tx))

    async def delete(self, tx: Transaction, tenant: str, answer_ids: Collection[str]) -> int:
        wanted = {"_id": {"$in": sorted(answer_ids)}, "tenant": tenant}
        return await self._answers.delete_many(wanted, tx=mongo(tx))


def _held(answer: Answer) -> dict[str, Any]:
    return {"body": msgspec.json.encode(answer).decode(), "document_ids": sorted(answer.document_ids)}


def _answer(row: dict[str, Any] | None, answer_id: str) -> Answer:
    if row is None:
        raise AnswerNotFound(answer_id)
    return msgspec.json.decode(row["body"], type=Answer)
