"""Conversations and memories out of SQLite, and conversations into it."""

import sqlite3

from footnote.modules.generation.conversations.models import Node
from footnote.modules.generation.conversations.repository import sqlite_statements as sql
from footnote.modules.generation.conversations.repository.moving import ConversationRecord, MemoryRecord
from footnote.modules.generation.conversations.repository.sqlite import conversation_row, to_conversation
from footnote.modules.generation.conversations.repository.sqlite_memories import to_memory
from footnote.modules.generation.conversations.tree import in_order
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite

FOLLOWING = "SELECT * FROM conversation WHERE id > ? ORDER BY id LIMIT 1"
TURNS = "SELECT id, parent_id FROM turn WHERE conversation_id = ? ORDER BY id"
ANSWERED = "SELECT 1 FROM answer WHERE id = ?"
FOLLOWING_MEMORY = "SELECT * FROM memory WHERE id > ? ORDER BY id LIMIT 1"


class SqliteConversationMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def following(self, after: str) -> ConversationRecord | None:
        def work(connection: sqlite3.Connection) -> ConversationRecord | None:
            row = connection.execute(FOLLOWING, (after,)).fetchone()
            if row is None:
                return None
            turns = connection.execute(TURNS, (row["id"],))
            return ConversationRecord(
                tenant=row["tenant"],
                owner=row["owner"],
                touched=row["touched"],
                conversation=to_conversation(row),
                nodes=tuple(in_order(Node(id=turn["id"], parent_id=turn["parent_id"]) for turn in turns)),
            )

        return await self._database.read(work)

    async def restore(self, tx: Transaction, record: ConversationRecord) -> None:
        owned = {"tenant": record.tenant, "owner": record.owner, "touched": record.touched}

        def work(connection: sqlite3.Connection) -> None:
            answered = [node for node in record.nodes if connection.execute(ANSWERED, (node.id,)).fetchone()]
            kept = record.with_turns(answered)
            connection.execute(sql.INSERT, {**conversation_row(kept.conversation), **owned})
            turns = [(node.id, kept.conversation.id, node.parent_id) for node in kept.nodes]
            connection.executemany(sql.INSERT_TURN, turns)

        await sqlite(tx).run(work)


class SqliteMemoryMoving:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def following(self, after: str) -> MemoryRecord | None:
        row = await self._database.read(lambda connection: connection.execute(FOLLOWING_MEMORY, (after,)).fetchone())
        if row is None:
            return None
        return MemoryRecord(tenant=row["tenant"], owner=row["owner"], memory=to_memory(row))
