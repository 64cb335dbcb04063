"""Answers out of SQLite."""

import sqlite3

import msgspec

from footnote.modules.generation.feedback.sqlite import to_feedback
from footnote.modules.generation.models import Answer
from footnote.modules.generation.repository.moving import AnswerRecord, GivenFeedback
from footnote.platform.storage.sqlite import SqliteDatabase

FEEDBACK = "SELECT * FROM feedback WHERE tenant = ? AND answer_id = ? ORDER BY owner"
FOLLOWING = "SELECT tenant, owner, body FROM answer WHERE id > ? ORDER BY id LIMIT 1"


class SqliteAnswerMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def following(self, after: str) -> AnswerRecord | None:
        def work(connection: sqlite3.Connection) -> AnswerRecord | None:
            row = connection.execute(FOLLOWING, (after,)).fetchone()
            if row is None:
                return None
            answer = msgspec.json.decode(row["body"], type=Answer)
            given = connection.execute(FEEDBACK, (row["tenant"], answer.id)).fetchall()
            said = tuple(GivenFeedback(owner=each["owner"], feedback=to_feedback(each)) for each in given)
            return AnswerRecord(tenant=row["tenant"], owner=row["owner"], answer=answer, feedback=said)

        return await self._database.read(work)
