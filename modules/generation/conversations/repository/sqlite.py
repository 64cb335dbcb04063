"""Conversations in SQLite."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from footnote.modules.generation.conversations.errors import ConversationNotFound, TurnNotFound
from footnote.modules.generation.conversations.models import Conversation, ConversationPage, Node, Summary, TitledBy
from footnote.modules.generation.conversations.repository import sqlite_statements as sql
from footnote.modules.generation.conversations.tree import in_order
from footnote.platform.ids import new_id
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite


class SqliteConversationRepository:
    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, tx: Transaction, principal: Principal, conversation: Conversation) -> None:
        row = {
            **conversation_row(conversation),
            "tenant": principal.tenant,
            "owner": principal.subject,
            "touched": new_id(),
        }
        await sqlite(tx).run(lambda connection: connection.execute(sql.INSERT, row))

    async def get(self, principal: Principal, conversation_id: str) -> Conversation:
        row = await self._database.read(
            lambda connection: connection.execute(sql.SELECT, _owned(principal, conversation_id)).fetchone()
        )
        if row is None:
            raise ConversationNotFound(conversation_id)
        return to_conversation(row)

    async def page(self, principal: Principal, *, cursor: str | None, limit: int) -> ConversationPage:
        bound = (principal.tenant, principal.subject, cursor or "~", limit + 1)
        rows = await self._database.read(lambda connection: connection.execute(sql.SELECT_PAGE, bound).fetchall())
        items = tuple(to_conversation(row) for row in rows[:limit])
        return ConversationPage(items=items, next_cursor=rows[limit - 1]["touched"] if len(rows) > limit else None)

    async def rename(
        self, tx: Transaction, principal: Principal, conversation_id: str, title: str, titled_by: TitledBy
    ) -> None:
        await _change(tx, sql.RENAME, principal, conversation_id, title=title, titled_by=titled_by)

    async def activate(self, tx: Transaction, principal: Principal, conversation_id: str, turn_id: str) -> None:
        await _change(tx, sql.ACTIVATE, principal, conversation_id, turn=turn_id)

    async def add_turn(
        self, tx: Transaction, principal: Principal, conversation_id: str, node: Node, *, at: datetime, title: str
    ) -> None:
        def is_there(connection: sqlite3.Connection) -> bool:
            bound = (conversation_id, node.parent_id)
            return node.parent_id is None or connection.execute(sql.SELECT_NODE, bound).fetchone() is not None

        changed = {"turn": node.id, "at": at.isoformat(), "title": title, "touched": new_id()}
        await _change(tx, sql.GROW, principal, conversation_id, **changed)
        if not await sqlite(tx).run(is_there):
            raise TurnNotFound(node.parent_id or "")
        bound = (node.id, conversation_id, node.parent_id)
        await sqlite(tx).run(lambda connection: connection.execute(sql.INSERT_TURN, bound))

    async def nodes(self, principal: Principal, conversation_id: str) -> list[Node]:
        rows = await self._of(principal, sql.SELECT_NODES, conversation_id)
        return in_order(Node(id=row["id"], parent_id=row["parent_id"]) for row in rows)

    async def delete(self, tx: Transaction, principal: Principal, conversation_id: str) -> tuple[list[str], int]:
        def work(connection: sqlite3.Connection) -> tuple[list[str], int, int]:
            owned = _owned(principal, conversation_id)
            turns = [row["id"] for row in connection.execute(sql.SELECT_NODES, owned)]
            (summaries,) = connection.execute(sql.COUNT_SUMMARIES, (conversation_id,)).fetchone()
            return turns, summaries, connection.execute(sql.DELETE, owned).rowcount

        turns, summaries, deleted = await sqlite(tx).run(work)
        if not deleted:
            raise ConversationNotFound(conversation_id)
        return turns, summaries

    async def summaries(self, principal: Principal, conversation_id: str) -> list[Summary]:
        return [_summary(row) for row in await self._of(principal, sql.SELECT_SUMMARIES, conversation_id)]

    async def keep_summary(self, tx: Transaction, principal: Principal, summary: Summary) -> None:
        def work(connection: sqlite3.Connection) -> bool:
            owned = _owned(principal, summary.conversation_id)
            if connection.execute(sql.SELECT, owned).fetchone() is None:
                return False
            connection.execute(sql.DELETE_SUMMARY, (principal.tenant, summary.turn_id))
            connection.execute(sql.INSERT_SUMMARY, {**_summary_row(summary), "tenant": principal.tenant})
            sources = [(principal.tenant, document_id, summary.turn_id) for document_id in summary.document_ids]
            connection.executemany(sql.INSERT_SOURCE, sources)
            return True

        if not await sqlite(tx).run(work):
            raise ConversationNotFound(summary.conversation_id)

    async def drop_summaries(self, tx: Transaction, tenant: str, turn_ids: Sequence[str]) -> None:
        rows = [(tenant, turn_id) for turn_id in turn_ids]
        await sqlite(tx).run(lambda connection: connection.executemany(sql.DELETE_SUMMARY, rows))

    async def forget(self, tx: Transaction, tenant: str, document_id: str) -> int:
        bound = (tenant, document_id)
        return await sqlite(tx).run(lambda connection: connection.execute(sql.FORGET, bound).rowcount)

    async def _of(self, principal: Principal, statement: str, conversation_id: str) -> list[sqlite3.Row]:
        bound = _owned(principal, conversation_id)
        return await self._database.read(lambda connection: connection.execute(statement, bound).fetchall())


async def _change(
    tx: Transaction, statement: str, principal: Principal, conversation_id: str, **values: str | None
) -> None:
    bound = {**_owned(principal, conversation_id), **values}
    if not await sqlite(tx).run(lambda connection: connection.execute(statement, bound).rowcount):
        raise ConversationNotFound(conversation_id)


def _owned(principal: Principal, conversation_id: str) -> dict[str, str | None]:
    return {"tenant": principal.tenant, "owner": principal.subject, "id": conversation_id}


def conversation_row(conversation: Conversation) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(conversation, builtin_types=(datetime,))
    times = {name: fields[name].isoformat() for name in ("created_at", "updated_at")}
    return fields | times


def to_conversation(row: sqlite3.Row) -> Conversation:
    return msgspec.convert({name: row[name] for name in Conversation.__struct_fields__}, Conversation)


def _summary_row(summary: Summary) -> dict[str, Any]:
    return {name: getattr(summary, name) for name in ("turn_id", "conversation_id", "text", "written_by")}


def _summary(row: sqlite3.Row) -> Summary:
    documents = msgspec.json.decode(row["document_ids"], type=tuple[str, ...])
    return Summary(
        turn_id=row["turn_id"],
        conversation_id=row["conversation_id"],
        text=row["text"],
        written_by=row["written_by"],
        document_ids=documents,
    )
