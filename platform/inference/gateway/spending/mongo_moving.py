"""Spending out of MongoDB."""

from footnote.platform.inference.gateway.spending import Entry
from footnote.platform.inference.gateway.spending.mongo import to_entry
from footnote.platform.inference.gateway.spending.moving import parsed
from footnote.platform.storage.mongo import MongoDatabase

FIELDS = ("tenant", "day", "person", "model")


class MongoSpendingMoving:
    def __init__(self, database: MongoDatabase) -> None:
        self._entries = database.collection("spending")

    async def following(self, after: str) -> Entry | None:
        """Of a longer and longer beginning the same, and greater in the field after it."""
        at = dict(zip(FIELDS, parsed(after), strict=True))
        sides = [
            {**{same: at[same] for same in FIELDS[:place]}, name: {"$gt": at[name]}}
            for place, name in enumerate(FIELDS)
        ]
        row = await self._entries.find_one({"$or": sides}, sort=[(name, 1) for name in FIELDS])
        return to_entry(row) if row else None
