"""What happened to documents, in MongoDB."""

from datetime import timedelta

from footnote.modules.ingestion.models import Document, DocumentEvent
from footnote.modules.ingestion.repository.mongo_rows import may_read, readable_by, to_event
from footnote.modules.ingestion.repository.rows import encoded
from footnote.platform.clock import Clock
from footnote.platform.principal import Principal
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction


class DocumentEvents:
    """Readers see no event before all those of smaller sequence are settled: nobody passes one by."""

    def __init__(self, database: MongoDatabase, clock: Clock) -> None:
        self._sequence = database.events
        self._events = database.collection("document_event")
        self._clock = clock

    async def log(self, tx: MongoTransaction, tenant: str, seen: Document, document: Document | None) -> None:
        """`seen` is the document as those saw it who may hear of this."""
        row = {
            "_id": await tx.next_event(),
            "tenant": tenant,
            "document_id": seen.id,
            "may_read": may_read(seen.owner, seen.readers),
            "document": None if document is None else encoded(document),
            "at": self._clock(),
        }
        await self._events.insert_one(row, tx=tx)

    async def erase(self, tx: MongoTransaction, tenant: str, document_id: str) -> None:
        await self._events.delete_many({"tenant": tenant, "document_id": document_id}, tx=tx)

    async def last(self) -> int:
        return await self._sequence.horizon()

    async def since(self, principal: Principal, after: int, document_id: str | None, limit: int) -> list[DocumentEvent]:
        wanted = {**readable_by(principal), "_id": {"$gt": after, "$lte": await self._sequence.horizon()}}
        if document_id is not None:
            wanted["document_id"] = document_id
        return [to_event(row) for row in await self._events.find(wanted, sort=[("_id", 1)], limit=limit)]

    async def forget(self, age: timedelta) -> None:
        await self._events.delete_many({"at": {"$lt": self._clock() - age}})
