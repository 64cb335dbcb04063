"""Answers out of MongoDB."""

import msgspec

from footnote.modules.generation.models import Answer
from footnote.modules.generation.repository.moving import AnswerRecord
from footnote.platform.storage.mongo import MongoDatabase


class MongoAnswerMoving:
    def __init__(self, database: MongoDatabase) -> None:
        self._answers = database.collection("answer")

    async def following(self, after: str) -> AnswerRecord | None:
        row = await self._answers.find_one({"_id": {"$gt": after}}, sort=[("_id", 1)])
        if row is None:
            return None
        answer = msgspec.json.decode(row["body"], type=Answer)
        return AnswerRecord(tenant=row["tenant"], owner=row["owner"], answer=answer)
