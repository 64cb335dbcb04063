"""Documents out of MongoDB whole, and into it."""

from footnote.modules.ingestion.models import Plan
from footnote.modules.ingestion.repository.mongo import MongoDocumentRepository
from footnote.modules.ingestion.repository.mongo_rows import to_document, to_version
from footnote.modules.ingestion.repository.moving import DocumentRecord, KeyedReceipt, at_rest, restore_parts
from footnote.platform.storage import Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.mongo import MongoDatabase, mongo


class MongoDocumentMoving:
    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._repository = MongoDocumentRepository(database)
        self._documents = database.collection("document")
        self._versions = database.collection("document_version")
        self._receipts = database.collection("document_receipt")

    @again_on_conflict
    async def following(self, after: str) -> DocumentRecord | None:
        async with self._database.transaction() as tx:
            row = await self._documents.find_one({"_id": {"$gt": after}}, sort=[("_id", 1)], tx=tx)
            if row is None:
                return None
            parts = {"tenant": row["tenant"], "document_id": row["_id"]}
            versions = await self._versions.find(parts, sort=[("number", 1)], tx=tx)
            receipts = await self._receipts.find(parts, tx=tx)
        keyed = [KeyedReceipt(owner=r["_id"]["owner"], key=r["_id"]["key"], sha256=r["sha256"]) for r in receipts]
        return DocumentRecord(
            tenant=row["tenant"],
            source=row.get("source"),
            document=at_rest(to_document(row)),
            plan=Plan(revision=int(row["revision"]), stale_through=int(row["stale_through"])),
            versions=tuple(to_version(version) for version in versions),
            receipts=tuple(sorted(keyed, key=lambda receipt: (receipt.owner, receipt.key))),
        )

    async def restore(self, tx: Transaction, record: DocumentRecord) -> None:
        await restore_parts(self._repository, tx, record)
        where = {"_id": record.document.id, "tenant": record.tenant}
        plan = {"revision": record.plan.revision, "stale_through": record.plan.stale_through}
        await self._documents.update_one(where, {"$set": plan}, tx=mongo(tx))
