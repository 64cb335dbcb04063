"""Documents out of SQLite whole, and into it."""

import sqlite3

from footnote.modules.ingestion.models import Plan, Version
from footnote.modules.ingestion.repository.moving import DocumentRecord, KeyedReceipt, at_rest, restore_parts
from footnote.modules.ingestion.repository.rows import document_of
from footnote.modules.ingestion.repository.sqlite import AS_JSON, SqliteDocumentRepository
from footnote.modules.ingestion.repository.sqlite_statements import NAMES, SELECT_VERSIONS
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

FOLLOWING = f"""
SELECT tenant, source, revision, stale_through, {NAMES} FROM document WHERE id > ? ORDER BY id LIMIT 1
"""
RECEIPTS = "SELECT owner, key, sha256 FROM document_receipt WHERE document_id = ? ORDER BY owner, key"
SET_PLAN = "UPDATE document SET revision = ?, stale_through = ? WHERE id = ?"


class SqliteDocumentMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._documents = SqliteDocumentRepository(database)

    async def following(self, after: str) -> DocumentRecord | None:
        return await self._database.read(lambda connection: _following(connection, after))

    async def restore(self, tx: Transaction, record: DocumentRecord) -> None:
        await restore_parts(self._documents, tx, record)
        values = (record.plan.revision, record.plan.stale_through, record.document.id)
        await sqlite(tx).run(lambda connection: connection.execute(SET_PLAN, values))


def _following(connection: sqlite3.Connection, after: str) -> DocumentRecord | None:
    row = connection.execute(FOLLOWING, (after,)).fetchone()
    if row is None:
        return None
    versions = connection.execute(SELECT_VERSIONS, (row["id"],))
    receipts = connection.execute(RECEIPTS, (row["id"],))
    return DocumentRecord(
        tenant=row["tenant"],
        source=row["source"],
        document=at_rest(document_of(dict(row), AS_JSON)),
        plan=Plan(revision=row["revision"], stale_through=row["stale_through"]),
        versions=tuple(Version(**dict(version)) for version in versions),
        receipts=tuple(KeyedReceipt(**dict(receipt)) for receipt in receipts),
    )
