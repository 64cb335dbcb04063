"""Keys for providers in MongoDB."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from footnote.modules.access.models import StoredKey
from footnote.platform.sealing import Sealed
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, mongo, raced


class MongoProviderKeys:
    def __init__(self, database: MongoDatabase) -> None:
        self._keys = database.collection("provider_key")

    async def put(self, tx: Transaction, key: StoredKey) -> None:
        place = {"tenant": key.tenant, "provider": key.provider}
        rest = {
            **_sealed(key.sealed),
            "hint": key.hint,
            "created_by": key.created_by,
            "created_at": key.created_at.isoformat(),
        }
        if not await self._keys.update_one(place, {"$set": rest}, tx=mongo(tx)):
            with raced():
                await self._keys.insert_one({**place, **rest}, tx=mongo(tx))

    async def remove(self, tx: Transaction, tenant: str, provider: str) -> bool:
        return await self._keys.delete_one({"tenant": tenant, "provider": provider}, tx=mongo(tx)) > 0

    async def find(self, tenant: str, provider: str) -> StoredKey | None:
        row = await self._keys.find_one({"tenant": tenant, "provider": provider})
        return to_key(row) if row else None

    async def listed(self, tenant: str) -> Sequence[StoredKey]:
        return [to_key(row) for row in await self._keys.find({"tenant": tenant}, sort=[("provider", 1)])]

    async def sealed_otherwise(self, key_id: str) -> Sequence[StoredKey]:
        # Not `$ne`, which no index serves.
        rows = [row for side in ("$lt", "$gt") for row in await self._keys.find({"key_id": {side: key_id}})]
        return [to_key(row) for row in rows]

    async def reseal(self, tx: Transaction, key: StoredKey, sealed: Sealed) -> bool:
        where = {"tenant": key.tenant, "provider": key.provider, **_sealed(key.sealed)}
        return await self._keys.update_one(where, {"$set": _sealed(sealed)}, tx=mongo(tx)) > 0


def _sealed(sealed: Sealed) -> dict[str, Any]:
    return {"key_id": sealed.key_id, "nonce": sealed.nonce, "ciphertext": sealed.ciphertext}


def to_key(row: dict[str, Any]) -> StoredKey:
    return StoredKey(
        tenant=row["tenant"],
        provider=row["provider"],
        sealed=Sealed(key_id=row["key_id"], nonce=bytes(row["nonce"]), ciphertext=bytes(row["ciphertext"])),
        hint=row["hint"],
        created_by=row["created_by"],
        created_at=datetime.fromisoformat(row["created_at"]),
    )
