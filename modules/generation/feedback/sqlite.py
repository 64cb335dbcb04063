"""Feedback in SQLite."""

import json
import sqlite3
from collections.abc import Sequence

import msgspec

from footnote.modules.generation.feedback import Feedback
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

COLUMNS = "answer_id, rating, comment, created_at, updated_at"
PUT = """
INSERT INTO feedback (tenant, owner, answer_id, rating, comment, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, answer_id, owner) DO UPDATE SET
  rating = excluded.rating, comment = excluded.comment, updated_at = excluded.updated_at
"""
GET = f"SELECT {COLUMNS} FROM feedback WHERE tenant = ? AND answer_id = ? AND owner = ?"
GET_ALL = f"""
SELECT {COLUMNS} FROM feedback
WHERE tenant = ? AND owner = ? AND answer_id IN (SELECT value FROM json_each(?))
"""
REMOVE = "DELETE FROM feedback WHERE tenant = ? AND answer_id = ?"
LISTED = f"""
SELECT {COLUMNS} FROM feedback WHERE tenant = :tenant AND answer_id > :after AND answer_id <= (
  SELECT max(answer_id) FROM (
    SELECT answer_id FROM feedback WHERE tenant = :tenant AND answer_id > :after ORDER BY answer_id, owner LIMIT :limit
  )
) ORDER BY answer_id, owner
"""


class SqliteFeedbackRepository:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def put(self, tx: Transaction, principal: Principal, feedback: Feedback) -> None:
        bound = (
            principal.tenant,
            principal.subject,
            feedback.answer_id,
            feedback.rating,
            feedback.comment,
            feedback.created_at.isoformat(),
            feedback.updated_at.isoformat(),
        )
        await sqlite(tx).run(lambda connection: connection.execute(PUT, bound))

    async def get(self, principal: Principal, answer_id: str) -> Feedback | None:
        bound = (principal.tenant, answer_id, principal.subject)
        row = await self._database.read(lambda connection: connection.execute(GET, bound).fetchone())
        return to_feedback(row) if row else None

    async def get_all(self, principal: Principal, answer_ids: Sequence[str]) -> list[Feedback]:
        bound = (principal.tenant, principal.subject, json.dumps(list(answer_ids)))
        rows = await self._database.read(lambda connection: connection.execute(GET_ALL, bound).fetchall())
        return [to_feedback(row) for row in rows]

    async def remove(self, tx: Transaction, tenant: str, answer_ids: Sequence[str]) -> int:
        def work(connection: sqlite3.Connection) -> int:
            return sum(connection.execute(REMOVE, (tenant, answer_id)).rowcount for answer_id in answer_ids)

        return await sqlite(tx).run(work)

    async def listed(self, tenant: str, *, after: str = "", limit: int = 100) -> list[Feedback]:
        bound = {"tenant": tenant, "after": after, "limit": limit}
        rows = await self._database.read(lambda connection: connection.execute(LISTED, bound).fetchall())
        return [to_feedback(row) for row in rows]


def to_feedback(row: sqlite3.Row) -> Feedback:
    return msgspec.convert({name: row[name] for name in Feedback.__struct_fields__}, Feedback)
