"""Answers out of MongoDB."""

import msgspec

from footnote.modules.generation.feedback.mongo import to_feedback
from footnote.modules.generation.models import Answer
from footnote.modules.generation.repository.moving import AnswerRecord, GivenFeedback
from footnote.platform.storage.mongo import MongoDatabase


class MongoAnswerMoving:
    def __init__(self, database: MongoDatabase) -> None:
        self._answers = database.collection("answer")
        self._feedback = database.collection("feedback")

    async def following(self, after: str) -> AnswerRecord | None:
        row = await self._answers.find_one({"_id": {"$gt": after}}, sort=[("_id", 1)])
        if row is None:
            return None
        answer = msgspec.json.decode(row["body"], type=Answer)
        given = await self._feedback.find({"tenant": row["tenant"], "answer_id": answer.id}, sort=[("owner", 1)])
        said = tuple(GivenFeedback(owner=each["owner"], feedback=to_feedback(each)) for each in given)
        return AnswerRecord(tenant=row["tenant"], owner=row["owner"], answer=answer, feedback=said)
