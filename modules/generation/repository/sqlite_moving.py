"""Answers out of SQLite."""

import msgspec

from footnote.modules.generation.models import Answer
from footnote.modules.generation.repository.moving import AnswerRecord
from footnote.platform.storage.sqlite import SqliteDatabase

FOLLOWING = "SELECT tenant, owner, body FROM answer WHERE id > ? ORDER BY id LIMIT 1"


class SqliteAnswerMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def following(self, after: str) -> AnswerRecord | None:
        row = await self._database.read(lambda connection: connection.execute(FOLLOWING, (after,)).fetchone())
        if row is None:
            return None
        answer = msgspec.json.decode(row["body"], type=Answer)
        return AnswerRecord(tenant=row["tenant"], owner=row["owner"], answer=answer)
