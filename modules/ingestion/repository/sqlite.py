"""Documents in SQLite. Lists and objects are kept as JSON, times as RFC 3339."""

import sqlite3
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
from footnote.modules.ingestion.repository.rows import document_of, encoded, row_of, time_text
from footnote.modules.ingestion.repository.sqlite_statements import (
    DELETE,
    DELETE_EVENTS,
    FORGET_EVENTS,
    INSERT,
    INSERT_EVENT,
    INSERT_RECEIPT,
    INSERT_VERSION,
    NAMES,
    NARROWED,
    RECORD_CHUNKING,
    RENEWED,
    REREAD,
    SELECT,
    SELECT_BY_SOURCE,
    SELECT_CHILDREN,
    SELECT_CONTENTS,
    SELECT_CURRENT,
    SELECT_EVENTS,
    SELECT_EVENTS_OF,
    SELECT_FAMILY,
    SELECT_INSIDE,
    SELECT_LAST_EVENT,
    SELECT_LAST_VERSION,
    SELECT_PAGE,
    SELECT_PLAN,
    SELECT_READABLE,
    SELECT_RECEIPT,
    SELECT_SAME,
    SELECT_USAGE,
    SELECT_VERSION,
    SELECT_VERSION_OF,
    SELECT_VERSIONS,
)
from footnote.platform.clock import Clock, utc_now
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

AS_JSON = frozenset({"progress", "readers", "metadata", "error", "warnings"})


class SqliteDocumentRepository:
    def __init__(self, database: SqliteDatabase, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def add(self, tx: Transaction, tenant: str, document: Document, *, source: str | None = None) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(INSERT, {"tenant": tenant, "source": source, **row_of(document, AS_JSON)})
            self._log(connection, tenant, document, document)

        try:
            await sqlite(tx).run(work)
        except sqlite3.IntegrityError:
            raise DuplicateDocument(document.sha256) from None

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
        plan = [RENEWED] * renew + [REREAD] * reread
        assignments = ", ".join([*(f"{name} = :{name}" for name in fields), *plan])
        update = f"UPDATE document SET {assignments} WHERE tenant = :tenant AND id = :id RETURNING {NAMES}"

        def work(connection: sqlite3.Connection) -> Document:
            row = connection.execute(update, {**fields, "tenant": tenant, "id": document_id}).fetchone()
            if row is None:
                raise DocumentNotFound(document_id)
            document = _document(row)
            self._log(connection, tenant, document, document)
            return document

        try:
            return await sqlite(tx).run(work)
        except sqlite3.IntegrityError:
            raise DuplicateDocument(str(change.sha256)) from None

    async def current(self, tx: Transaction, tenant: str, document_id: str) -> Document:
        values = (tenant, document_id)
        row = await sqlite(tx).run(lambda connection: connection.execute(SELECT_CURRENT, values).fetchone())
        if row is None:
            raise DocumentNotFound(document_id)
        return _document(row)

    async def plan(self, tx: Transaction, tenant: str, document_id: str) -> Plan:
        row = await sqlite(tx).run(lambda connection: connection.execute(SELECT_PLAN, (tenant, document_id)).fetchone())
        if row is None:
            raise DocumentNotFound(document_id)
        return Plan(**dict(row))

    async def contents(self, tx: Transaction, tenant: str, document_id: str) -> set[str]:
        rows = await sqlite(tx).run(
            lambda connection: connection.execute(SELECT_CONTENTS, (tenant, document_id)).fetchall()
        )
        return {row["content"] for row in rows}

    async def children(self, tx: Transaction, tenant: str, document_id: str) -> list[Document]:
        rows = await sqlite(tx).run(
            lambda connection: connection.execute(SELECT_CHILDREN, (tenant, document_id)).fetchall()
        )
        return [_document(row) for row in rows]

    async def inside(self, tx: Transaction, tenant: str, document_id: str) -> list[Document]:
        asked = {"tenant": tenant, "id": document_id}
        rows = await sqlite(tx).run(lambda connection: connection.execute(SELECT_INSIDE, asked).fetchall())
        return [_document(row) for row in rows]

    async def by_source(self, principal: Principal, source: str) -> Document | None:
        row = await self._one(SELECT_BY_SOURCE, principal, source=source)
        return None if row is None else _document(row)

    async def usage(self, tx: Transaction, tenant: str) -> Usage:
        row = await sqlite(tx).run(lambda connection: connection.execute(SELECT_USAGE, (tenant,)).fetchone())
        return Usage(**dict(row))

    async def family(self, tx: Transaction, tenant: str, document_id: str) -> Usage:
        asked = {"tenant": tenant, "id": document_id}
        row = await sqlite(tx).run(lambda connection: connection.execute(SELECT_FAMILY, asked).fetchone())
        return Usage(**dict(row))

    async def delete(self, tx: Transaction, tenant: str, document_id: str) -> list[Version]:
        def work(connection: sqlite3.Connection) -> list[Version]:
            versions = [_version(row) for row in connection.execute(SELECT_VERSIONS, (document_id,))]
            row = connection.execute(DELETE, (tenant, document_id)).fetchone()
            if row is None:
                raise DocumentNotFound(document_id)
            connection.execute(DELETE_EVENTS, (document_id,))
            self._log(connection, tenant, _document(row), None)
            return versions

        return await sqlite(tx).run(work)

    async def get(self, principal: Principal, document_id: str) -> Document:
        row = await self._one(SELECT, principal, id=document_id)
        if row is None:
            raise DocumentNotFound(document_id)
        return _document(row)

    async def same_bytes(self, principal: Principal, sha256: str) -> Document | None:
        row = await self._one(SELECT_SAME, principal, sha256=sha256)
        return None if row is None else _document(row)

    async def receipt(self, principal: Principal, key: str) -> Receipt | None:
        row = await self._one(SELECT_RECEIPT, principal, key=key)
        return None if row is None else Receipt(**dict(row))

    async def add_receipt(self, tx: Transaction, principal: Principal, key: str, receipt: Receipt) -> None:
        values = (principal.tenant, principal.subject, key, receipt.sha256, receipt.document_id)
        try:
            await sqlite(tx).run(lambda connection: connection.execute(INSERT_RECEIPT, values))
        except sqlite3.IntegrityError:
            raise IdempotencyKeyReused(key) from None

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
        asked = {"status": status, "query": query or None, "cursor": cursor, "parent_id": parent_id}
        wanted = {name: value for name, value in asked.items() if value is not None}
        statement = SELECT_PAGE.format(" ".join(NARROWED[name] for name in wanted))
        rows = await self._all(statement, principal, **wanted, limit=limit + 1)
        items = tuple(_document(row) for row in rows[:limit])
        return DocumentPage(items=items, next_cursor=items[-1].id if len(rows) > limit else None)

    async def readable(self, principal: Principal, document_ids: Collection[str]) -> set[str]:
        rows = await self._all(SELECT_READABLE, principal, ids=encoded(sorted(document_ids)))
        return {row["id"] for row in rows}

    async def add_version(self, tx: Transaction, tenant: str, version: Version) -> None:
        await sqlite(tx).run(lambda connection: connection.execute(INSERT_VERSION, msgspec.structs.asdict(version)))

    async def version(self, principal: Principal, document_id: str, number: int) -> Version:
        row = await self._one(SELECT_VERSION, principal, id=document_id, number=number)
        if row is None:
            raise VersionNotFound(document_id, number)
        return _version(row)

    async def record_chunking(self, tx: Transaction, tenant: str, version: Version, chunking: str) -> None:
        values = (chunking, version.document_id, version.number)
        await sqlite(tx).run(lambda connection: connection.execute(RECORD_CHUNKING, values))

    async def version_of(
        self, principal: Principal, document_id: str, content: str, extractor: str, *, after: int = 0
    ) -> Version | None:
        wanted = {"id": document_id, "content": content, "extractor": extractor, "after": after}
        row = await self._one(SELECT_VERSION_OF, principal, **wanted)
        return None if row is None else _version(row)

    async def last_version(self, tx: Transaction, tenant: str, document_id: str) -> int:
        return await sqlite(tx).run(
            lambda connection: int(connection.execute(SELECT_LAST_VERSION, (tenant, document_id)).fetchone()["last"])
        )

    async def last_event(self) -> int:
        return await self._database.read(
            lambda connection: int(connection.execute(SELECT_LAST_EVENT).fetchone()["last"])
        )

    async def events(
        self, principal: Principal, after: int, *, document_id: str | None = None, limit: int = 100
    ) -> list[DocumentEvent]:
        statement = SELECT_EVENTS if document_id is None else SELECT_EVENTS_OF
        rows = await self._all(statement, principal, after=after, document_id=document_id, limit=limit)
        return [_event(row) for row in rows]

    async def forget_events(self, age: timedelta) -> None:
        before = time_text(self._clock() - age)
        async with self._database.transaction() as tx:
            await tx.run(lambda connection: connection.execute(FORGET_EVENTS, (before,)))

    def _log(self, connection: sqlite3.Connection, tenant: str, seen: Document, document: Document | None) -> None:
        snapshot = None if document is None else encoded(document)
        connection.execute(
            INSERT_EVENT, (tenant, seen.id, seen.owner, encoded(seen.readers), snapshot, time_text(self._clock()))
        )

    async def _one(self, statement: str, principal: Principal, **values: Any) -> sqlite3.Row | None:
        bound = {**_asker(principal), **values}

        def work(connection: sqlite3.Connection) -> sqlite3.Row | None:
            row: sqlite3.Row | None = connection.execute(statement, bound).fetchone()
            return row

        return await self._database.read(work)

    async def _all(self, statement: str, principal: Principal, **values: Any) -> list[sqlite3.Row]:
        bound = {**_asker(principal), **values}
        return await self._database.read(lambda connection: connection.execute(statement, bound).fetchall())


def _asker(principal: Principal) -> dict[str, str]:
    return {
        "tenant": principal.tenant,
        "subject": principal.subject,
        "as_readers": encoded(sorted(principal.readers)),
    }


def _document(row: sqlite3.Row) -> Document:
    return document_of(dict(row), AS_JSON)


def _version(row: sqlite3.Row) -> Version:
    return Version(**dict(row))


def _event(row: sqlite3.Row) -> DocumentEvent:
    document = None if row["document"] is None else msgspec.json.decode(row["document"], type=Document)
    return DocumentEvent(sequence=row["sequence"], document_id=row["document_id"], document=document)
