"""Keys for providers in SQLite."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from footnote.modules.access.models import StoredKey
from footnote.platform.sealing import Sealed
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

PUT = """
INSERT OR REPLACE INTO provider_key (tenant, provider, key_id, nonce, ciphertext, hint, created_by, created_at)
VALUES (:tenant, :provider, :key_id, :nonce, :ciphertext, :hint, :created_by, :created_at)
"""
REMOVE = "DELETE FROM provider_key WHERE tenant = ? AND provider = ?"
SELECT_ONE = "SELECT * FROM provider_key WHERE tenant = ? AND provider = ?"
SELECT_TENANT = "SELECT * FROM provider_key WHERE tenant = ? ORDER BY provider"
SELECT_OTHERS = "SELECT * FROM provider_key WHERE key_id <> ? ORDER BY tenant, provider"
RESEAL = """
UPDATE provider_key SET key_id = :key_id, nonce = :nonce, ciphertext = :ciphertext
WHERE tenant = :tenant AND provider = :provider AND nonce = :old_nonce AND key_id = :old_key_id
"""


class SqliteProviderKeys:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def put(self, tx: Transaction, key: StoredKey) -> None:
        row = {
            "tenant": key.tenant,
            "provider": key.provider,
            **_sealed(key.sealed),
            "hint": key.hint,
            "created_by": key.created_by,
            "created_at": key.created_at.isoformat(),
        }
        await sqlite(tx).run(lambda connection: connection.execute(PUT, row))

    async def remove(self, tx: Transaction, tenant: str, provider: str) -> bool:
        return await sqlite(tx).run(lambda connection: connection.execute(REMOVE, (tenant, provider)).rowcount > 0)

    async def find(self, tenant: str, provider: str) -> StoredKey | None:
        found = await self._select(SELECT_ONE, tenant, provider)
        return found[0] if found else None

    async def listed(self, tenant: str) -> Sequence[StoredKey]:
        return await self._select(SELECT_TENANT, tenant)

    async def sealed_otherwise(self, key_id: str) -> Sequence[StoredKey]:
        return await self._select(SELECT_OTHERS, key_id)

    async def reseal(self, tx: Transaction, key: StoredKey, sealed: Sealed) -> bool:
        old = {"old_nonce": key.sealed.nonce, "old_key_id": key.sealed.key_id}
        row = {"tenant": key.tenant, "provider": key.provider, **_sealed(sealed), **old}
        return await sqlite(tx).run(lambda connection: connection.execute(RESEAL, row).rowcount > 0)

    async def _select(self, statement: str, *bound: str) -> list[StoredKey]:
        rows = await self._database.read(lambda connection: connection.execute(statement, bound).fetchall())
        return [to_key(row) for row in rows]


def _sealed(sealed: Sealed) -> dict[str, str | bytes]:
    return {"key_id": sealed.key_id, "nonce": sealed.nonce, "ciphertext": sealed.ciphertext}


def to_key(row: sqlite3.Row) -> StoredKey:
    return StoredKey(
        tenant=row["tenant"],
        provider=row["provider"],
        sealed=Sealed(key_id=row["key_id"], nonce=row["nonce"], ciphertext=row["ciphertext"]),
        hint=row["hint"],
        created_by=row["created_by"],
        created_at=datetime.fromisoformat(row["created_at"]),
    )
