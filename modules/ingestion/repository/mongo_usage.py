"""How much is kept, in MongoDB. Whoever asks takes turns: what is read holds until the transaction ends."""

from collections.abc import Iterable
from typing import Any

from footnote.modules.ingestion.models import Usage
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction, raced

SETTLED = ("ready", "failed", "cancelled")


class DocumentUsage:
    def __init__(self, database: MongoDatabase) -> None:
        self._documents = database.collection("document")
        self._tenants = database.collection("document_tenant")

    async def of_tenant(self, tx: MongoTransaction, tenant: str) -> Usage:
        with raced():
            await self._tenants.update_one({"_id": tenant}, {"$inc": {"turn": 1}}, tx=tx, upsert=True)
        counted = {"_id": "$status", "documents": {"$sum": 1}, "size": {"$sum": "$size"}}
        return _sum(await self._documents.aggregate([{"$match": {"tenant": tenant}}, {"$group": counted}], tx=tx))

    async def of_family(self, tx: MongoTransaction, tenant: str, document_id: str) -> Usage:
        root = await self._root(tx, tenant, document_id)
        if root in (None, document_id):
            return _sum([])
        await self._documents.update_one({"_id": root, "tenant": tenant}, {"$inc": {"turn": 1}}, tx=tx)
        members, level = list[dict[str, Any]](), [root]
        while level:
            wanted = {"tenant": tenant, "parent_id": {"$in": level}}
            found = await self._documents.find(wanted, tx=tx, projection={"status": 1, "size": 1})
            members += found
            level = [row["_id"] for row in found if row["_id"] != document_id]
        return _sum({"_id": row["status"], "documents": 1, "size": row["size"]} for row in members)

    async def _root(self, tx: MongoTransaction, tenant: str, document_id: str | None) -> str | None:
        """What was uploaded that this came in, however deeply."""
        root = None
        while document_id is not None:
            root = document_id
            row = await self._documents.find_one({"_id": root, "tenant": tenant}, tx=tx, projection={"parent_id": 1})
            if row is None:
                return None
            document_id = row["parent_id"]
        return root


def _sum(counts: Iterable[dict[str, Any]]) -> Usage:
    """Of counts by status."""
    every = list(counts)
    return Usage(
        documents=sum(int(count["documents"]) for count in every),
        size=sum(int(count["size"]) for count in every),
        waiting=sum(int(count["documents"]) for count in every if count["_id"] not in SETTLED),
    )
