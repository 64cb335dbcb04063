"""Keys for providers out of MongoDB."""

from footnote.modules.access.models import StoredKey
from footnote.modules.access.repository.mongo import to_key
from footnote.modules.access.repository.moving import parsed
from footnote.platform.storage.mongo import MongoDatabase


class MongoProviderKeyMoving:
    def __init__(self, database: MongoDatabase) -> None:
        self._keys = database.collection("provider_key")

    async def following(self, after: str) -> StoredKey | None:
        tenant, provider = parsed(after)
        sides = [{"tenant": {"$gt": tenant}}, {"tenant": tenant, "provider": {"$gt": provider}}]
        row = await self._keys.find_one({"$or": sides}, sort=[("tenant", 1), ("provider", 1)])
        return to_key(row) if row else None
