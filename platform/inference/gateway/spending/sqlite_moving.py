"""Spending out of SQLite."""

from footnote.platform.inference.gateway.spending import Entry
from footnote.platform.inference.gateway.spending.moving import parsed
from footnote.platform.inference.gateway.spending.sqlite import to_entry
from footnote.platform.storage.sqlite import SqliteDatabase

FOLLOWING = """
SELECT * FROM spending WHERE (tenant, day, person, model) > (?, ?, ?, ?) ORDER BY tenant, day, person, model LIMIT 1
"""


class SqliteSpendingMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def following(self, after: str) -> Entry | None:
        bound = parsed(after)
        row = await self._database.read(lambda connection: connection.execute(FOLLOWING, bound).fetchone())
        return to_entry(row) if row else None
