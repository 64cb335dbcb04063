"""Documents in MongoDB. Transactions that depend on the same document, tenant or upload write to the same row."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import msgspec

from footnote.modules.ingestion.errors import DocumentNotFound, DuplicateDocument, IdempotencyKeyReused, VersionNotFound
from footnote.modules.ingestion.models import (
    Document,
    DocumentChange,
    DocumentEvent,
    DocumentPage,
    Plan,
    Receipt,
    Status,
    Usage,
    Version,
)
from footnote.modules.ingestion.repository.mongo_events import DocumentEvents
from footnote.modules.ingestion.repository.mongo_rows import (
    AS_JSON,
    derived,
    from_document,
    readable_by,
    to_document,
    with_part,
)
from footnote.modules.ingestion.repository.mongo_usage import DocumentUsage
from footnote.modules.ingestion.repository.mongo_versions import DocumentVersions
from footnote.modules.ingestion.repository.rows import row_of, time_text
from footnote.platform.clock import Clock, utc_now
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, MongoTransaction, mongo, raced

NEWEST_FIRST = [("_id", -1)]


class MongoDocumentRepository:
    def __init__(self, database: MongoDatabase, clock: Clock = utc_now) -> None:
        self._documents = database.collection("document")
        self._receipts = database.collection("document_receipt")
        self._versions = DocumentVersions(database)
        self._events = DocumentEvents(database, clock)
        self._usage = DocumentUsage(database)
        self._clock = clock

    async def add(self, tx: Transaction, tenant: str, document: Document, *, source: str | None = None) -> None:
        row = from_document(tenant, document, source)
        await self._require_other_bytes(mongo(tx), row)
        with raced():
            await self._documents.insert_one(row, tx=mongo(tx))
        await self._events.log(mongo(tx), tenant, document, document)

    async def change(
        self,
        tx: Transaction,
        tenant: str,
        document_id: str,
        change: DocumentChange,
        *,
        renew: bool = False,
        reread: bool = False,
    ) -> Document:
        fields = {**row_of(change, AS_JSON), "updated_at": time_text(self._clock())}
        fields |= await self._derived(mongo(tx), tenant, document_id, change)
        if reread:
            fields["stale_through"] = await self.last_version(tx, tenant, document_id)
        update = {"$set": fields, **({"$inc": {"revision": 1}} if renew else {})}
        with raced():
            row = await self._documents.change_one({"_id": document_id, "tenant": tenant}, update, tx=mongo(tx))
        document = to_document(_found(row, document_id))
        await self._events.log(mongo(tx), tenant, document, document)
        return document

    async def current(self, tx: Transaction, tenant: str, document_id: str) -> Document:
        return to_document(await self._row(mongo(tx), tenant, document_id))

    async def plan(self, tx: Transaction, tenant: str, document_id: str) -> Plan:
        row = await self._row(mongo(tx), tenant, document_id, {"revision": 1, "stale_through": 1})
        return Plan(revision=int(row["revision"]), stale_through=int(row["stale_through"]))

    async def contents(self, tx: Transaction, tenant: str, document_id: str) -> set[str]:
        return {version.content for version in await self._versions.all(mongo(tx), tenant, document_id)}

    async def children(self, tx: Transaction, tenant: str, document_id: str) -> list[Document]:
        wanted = {"tenant": tenant, "parent_id": document_id}
        return [to_document(row) for row in await self._documents.find(wanted, sort=[("_id", 1)], tx=mongo(tx))]

    async def inside(self, tx: Transaction, tenant: str, document_id: str) -> list[Document]:
        found, level = list[Document](), [document_id]
        while level:
            wanted = {"tenant": tenant, "parent_id": {"$in": level}}
            rows = await self._documents.find(wanted, tx=mongo(tx))
            found += sorted(map(to_document, rows), key=lambda document: document.id)
            level = [row["_id"] for row in rows]
        return found

    async def by_source(self, principal: Principal, source: str) -> Document | None:
        wanted = {"tenant": principal.tenant, "owner": principal.subject, "source": source}
        row = await self._documents.find_one(wanted, sort=NEWEST_FIRST)
        return None if row is None else to_document(row)

    async def usage(self, tx: Transaction, tenant: str) -> Usage:
        return await self._usage.of_tenant(mongo(tx), tenant)

    async def family(self, tx: Transaction, tenant: str, document_id: str) -> Usage:
        return await self._usage.of_family(mongo(tx), tenant, document_id)

    async def delete(self, tx: Transaction, tenant: str, document_id: str) -> list[Version]:
        row = await self._documents.take_one({"_id": document_id, "tenant": tenant}, tx=mongo(tx))
        document = to_document(_found(row, document_id))
        versions = await self._versions.all(mongo(tx), tenant, document_id)
        await self._versions.delete(mongo(tx), tenant, document_id)
        await self._receipts.delete_many({"tenant": tenant, "document_id": document_id}, tx=mongo(tx))
        await self._events.erase(mongo(tx), tenant, document_id)
        await self._events.log(mongo(tx), tenant, document, None)
        return versions

    async def get(self, principal: Principal, document_id: str) -> Document:
        row = await self._documents.find_one({"_id": document_id, **readable_by(principal)})
        return to_document(_found(row, document_id))

    async def same_bytes(self, principal: Principal, sha256: str) -> Document | None:
        wanted = {"tenant": principal.tenant, "owner": principal.subject, "parent_id": None, "sha256": sha256}
        row = await self._documents.find_one(wanted)
        return None if row is None else to_document(row)

    async def receipt(self, principal: Principal, key: str) -> Receipt | None:
        row = await self._receipts.find_one(_receipt_key(principal, key))
        return None if row is None else Receipt(sha256=row["sha256"], document_id=row["document_id"])

    async def add_receipt(self, tx: Transaction, principal: Principal, key: str, receipt: Receipt) -> None:
        wanted = _receipt_key(principal, key)
        if await self._receipts.find_one(wanted, tx=mongo(tx)):
            raise IdempotencyKeyReused(key)
        with raced():
            await self._receipts.insert_one({**wanted, **msgspec.structs.asdict(receipt)}, tx=mongo(tx))

    async def page(
        self,
        principal: Principal,
        *,
        status: Status | None,
        query: str,
        cursor: str | None,
        limit: int,
        parent_id: str | None = None,
    ) -> DocumentPage:
        asked = {"status": status, "parent_id": parent_id, "_id": None if cursor is None else {"$lt": cursor}}
        wanted = {name: value for name, value in asked.items() if value is not None}
        wanted |= {**readable_by(principal), **(with_part(query) if query else {})}
        rows = await self._documents.find(wanted, sort=NEWEST_FIRST, limit=limit + 1)
        items = tuple(to_document(row) for row in rows[:limit])
        return DocumentPage(items=items, next_cursor=items[-1].id if len(rows) > limit else None)

    async def readable(self, principal: Principal, document_ids: Collection[str]) -> set[str]:
        wanted = {"_id": {"$in": sorted(document_ids)}, **readable_by(principal)}
        return {row["_id"] for row in await self._documents.find(wanted, projection={"_id": 1})}

    async def add_version(self, tx: Transaction, tenant: str, version: Version) -> None:
        await self._versions.add(mongo(tx), tenant, version)

    async def version(self, principal: Principal, document_id: str, number: int) -> Version:
        version = None
        if await self.readable(principal, [document_id]):
            version = await self._versions.one(principal.tenant, document_id, number)
        if version is None:
            raise VersionNotFound(document_id, number)
        return version

    async def record_chunking(self, tx: Transaction, tenant: str, version: Version, chunking: str) -> None:
        await self._versions.record_chunking(mongo(tx), tenant, version, chunking)

    async def version_of(
        self, principal: Principal, document_id: str, content: str, extractor: str, *, after: int = 0
    ) -> Version | None:
        if not await self.readable(principal, [document_id]):
            return None
        last = await self._versions.last(principal.tenant, document_id)
        if last is None or (last.content, last.extractor) != (content, extractor) or last.number <= after:
            return None
        return last

    async def last_version(self, tx: Transaction, tenant: str, document_id: str) -> int:
        last = await self._versions.last(tenant, document_id, mongo(tx))
        return 0 if last is None else last.number

    async def last_event(self) -> int:
        return await self._events.last()

    async def events(
        self, principal: Principal, after: int, *, document_id: str | None = None, limit: int = 100
    ) -> list[DocumentEvent]:
        return await self._events.since(principal, after, document_id, limit)

    async def forget_events(self, age: timedelta) -> None:
        await self._events.forget(age)

    async def _derived(
        self, tx: MongoTransaction, tenant: str, document_id: str, change: DocumentChange
    ) -> dict[str, Any]:
        if change.readers is msgspec.UNSET and change.sha256 is msgspec.UNSET:
            return derived(change, "")
        row = await self._row(tx, tenant, document_id, {"tenant": 1, "owner": 1, "parent_id": 1})
        if change.sha256 is not msgspec.UNSET:
            await self._require_other_bytes(tx, {**row, "sha256": change.sha256})
        return derived(change, row["owner"])

    async def _require_other_bytes(self, tx: MongoTransaction, row: dict[str, Any]) -> None:
        """The index would end the transaction."""
        same = {name: row[name] for name in ("tenant", "owner", "parent_id", "sha256")}
        if await self._documents.find_one({**same, "_id": {"$ne": row["_id"]}}, tx=tx, projection={"_id": 1}):
            raise DuplicateDocument(row["sha256"])

    async def _row(
        self, tx: MongoTransaction, tenant: str, document_id: str, fields: dict[str, int] | None = None
    ) -> dict[str, Any]:
        row = await self._documents.find_one({"_id": document_id, "tenant": tenant}, tx=tx, projection=fields)
        return _found(row, document_id)


def _found(row: dict[str, Any] | None, document_id: str) -> dict[str, Any]:
    if row is None:
        raise DocumentNotFound(document_id)
    return row


def _receipt_key(principal: Principal, key: str) -> dict[str, Any]:
    tenant, owner = principal.tenant, principal.subject
    return {"_id": {"tenant": tenant, "owner": owner, "key": key}, "tenant": tenant}
