"""Feedback in MongoDB."""

from collections.abc import Sequence
from typing import Any

import msgspec

from footnote.modules.generation.feedback import Feedback
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, mongo

IN_ORDER = [("answer_id", 1), ("owner", 1)]


class MongoFeedbackRepository:
    def __init__(self, database: MongoDatabase) -> None:
        self._feedback = database.collection("feedback")

    async def put(self, tx: Transaction, principal: Principal, feedback: Feedback) -> None:
        row = {
            "rating": float(feedback.rating),
            "comment": feedback.comment,
            "updated_at": feedback.updated_at.isoformat(),
        }
        wanted = _wanted(principal, feedback.answer_id)
        if await self._feedback.update_one(wanted, {"$set": row}, tx=mongo(tx)):
            return
        identity = {"_id": f"{feedback.answer_id}/{principal.tenant}/{principal.subject}", **wanted}
        created = {"created_at": feedback.created_at.isoformat()}
        await self._feedback.insert_one({**identity, **row, **created}, tx=mongo(tx))

    async def get(self, principal: Principal, answer_id: str) -> Feedback | None:
        row = await self._feedback.find_one(_wanted(principal, answer_id))
        return to_feedback(row) if row else None

    async def get_all(self, principal: Principal, answer_ids: Sequence[str]) -> list[Feedback]:
        own = {"tenant": principal.tenant, "owner": principal.subject}
        return [to_feedback(row) for row in await self._feedback.find({**own, "answer_id": {"$in": list(answer_ids)}})]

    async def remove(self, tx: Transaction, tenant: str, answer_ids: Sequence[str]) -> int:
        gone = 0
        for answer_id in answer_ids:
            gone += await self._feedback.delete_many({"tenant": tenant, "answer_id": answer_id}, tx=mongo(tx))
        return gone

    async def listed(self, tenant: str, *, after: str = "", limit: int = 100) -> list[Feedback]:
        wanted = {"tenant": tenant, "answer_id": {"$gt": after}}
        rows = await self._feedback.find(wanted, sort=IN_ORDER, limit=limit)
        if len(rows) == limit:  # the last answer's may go on
            last = rows[-1]["answer_id"]
            rest = await self._feedback.find({"tenant": tenant, "answer_id": last}, sort=IN_ORDER)
            rows = [row for row in rows if row["answer_id"] != last] + rest
        return [to_feedback(row) for row in rows]


def _wanted(principal: Principal, answer_id: str) -> dict[str, Any]:
    return {"tenant": principal.tenant, "answer_id": answer_id, "owner": principal.subject}


def to_feedback(row: dict[str, Any]) -> Feedback:
    return msgspec.convert({name: row[name] for name in Feedback.__struct_fields__}, Feedback)
