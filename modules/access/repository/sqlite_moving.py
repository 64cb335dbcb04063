"""Keys for providers out of SQLite."""

from footnote.modules.access.models import StoredKey
from footnote.modules.access.repository.moving import parsed
from footnote.modules.access.repository.sqlite import to_key
from footnote.platform.storage.sqlite import SqliteDatabase

FOLLOWING = "SELECT * FROM provider_key WHERE (tenant, provider) > (?, ?) ORDER BY tenant, provider LIMIT 1"


class SqliteProviderKeyMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def following(self, after: str) -> StoredKey | None:
        bound = parsed(after)
        row = await self._database.read(lambda connection: connection.execute(FOLLOWING, bound).fetchone())
        return to_key(row) if row else None
