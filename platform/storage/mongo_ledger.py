"""Users of blobs, counted in MongoDB."""

from collections.abc import Sequence

from footnote.platform.storage import Blob, Transaction
from footnote.platform.storage.mongo import MongoDatabase, mongo, raced


class MongoBlobLedger:
    def __init__(self, database: MongoDatabase) -> None:
        self._blobs = database.collection("blob")

    async def add(self, tx: Transaction, tenant: str, blob: Blob) -> str:
        counted = {"$inc": {"users": 1}, "$setOnInsert": {"size": blob.size, "copy": blob.copy}}
        with raced():
            row = await self._blobs.change_one(
                {"tenant": tenant, "sha256": blob.sha256}, counted, tx=mongo(tx), upsert=True
            )
        assert row is not None  # noqa: S101 - an upsert always gives a row
        return str(row["copy"])

    async def drop(self, tx: Transaction, tenant: str, sha256: str) -> int:
        used = {"tenant": tenant, "sha256": sha256, "users": {"$gt": 0}}
        row = await self._blobs.change_one(used, {"$inc": {"users": -1}}, tx=mongo(tx))
        return int(row["users"]) if row else 0

    async def unused(self) -> list[tuple[str, str]]:
        return [(row["tenant"], row["sha256"]) for row in await self._blobs.find({"users": 0})]

    async def used(self) -> list[tuple[str, str]]:
        return [(row["tenant"], row["sha256"]) async for row in self._blobs.each({"users": {"$gt": 0}})]

    async def users(self, tx: Transaction, sha256: str) -> list[str]:
        # Whoever deletes because of the answer must collide with a transaction that is just adding a user.
        await self._blobs.update_many({"sha256": sha256}, {"$inc": {"looks": 1}}, tx=mongo(tx))
        rows = await self._blobs.find({"sha256": sha256, "users": {"$gt": 0}}, tx=mongo(tx))
        return [row["tenant"] for row in rows]

    async def forget(self, tx: Transaction, tenant: str, sha256: str) -> str | None:
        row = await self._blobs.take_one({"tenant": tenant, "sha256": sha256, "users": 0}, tx=mongo(tx))
        return None if row is None else str(row["copy"])

    async def find(self, tenant: str, sha256: str) -> Blob | None:
        row = await self._blobs.find_one({"tenant": tenant, "sha256": sha256})
        return None if row is None else Blob(sha256=row["sha256"], size=row["size"], copy=row["copy"])

    async def living(self, copies: Sequence[str]) -> set[str]:
        rows = await self._blobs.find({"copy": {"$in": list(copies), "$gt": ""}}, projection=["copy"])
        return {row["copy"] for row in rows}
