"""Versions of documents in MongoDB. Whoever adds one changes its document in the same transaction."""

from footnote.modules.ingestion.models import Version
from footnote.modules.ingestion.repository.mongo_rows import from_version, to_version, version_id
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction

NEWEST_FIRST = [("number", -1)]


class DocumentVersions:
    def __init__(self, database: MongoDatabase) -> None:
        self._versions = database.collection("document_version")

    async def add(self, tx: MongoTransaction, tenant: str, version: Version) -> None:
        await self._versions.insert_one(from_version(tenant, version), tx=tx)

    async def all(self, tx: MongoTransaction, tenant: str, document_id: str) -> list[Version]:
        """Oldest first."""
        wanted = {"tenant": tenant, "document_id": document_id}
        return [to_version(row) for row in await self._versions.find(wanted, sort=[("number", 1)], tx=tx)]

    async def one(self, tenant: str, document_id: str, number: int) -> Version | None:
        row = await self._versions.find_one({"_id": version_id(document_id, number), "tenant": tenant})
        return None if row is None else to_version(row)

    async def last(self, tenant: str, document_id: str, tx: MongoTransaction | None = None) -> Version | None:
        wanted = {"tenant": tenant, "document_id": document_id}
        row = await self._versions.find_one(wanted, sort=NEWEST_FIRST, tx=tx)
        return None if row is None else to_version(row)

    async def record_chunking(self, tx: MongoTransaction, tenant: str, version: Version, chunking: str) -> None:
        wanted = {"_id": version_id(version.document_id, version.number), "tenant": tenant}
        await self._versions.update_one(wanted, {"$set": {"chunking": chunking}}, tx=tx)

    async def delete(self, tx: MongoTransaction, tenant: str, document_id: str) -> None:
        await self._versions.delete_many({"tenant": tenant, "document_id": document_id}, tx=tx)
