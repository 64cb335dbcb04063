"""Conversations in MongoDB."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from footnote.modules.generation.conversations.errors import ConversationNotFound, TurnNotFound
from footnote.modules.generation.conversations.models import Conversation, ConversationPage, Node, Summary, TitledBy
from footnote.modules.generation.conversations.tree import in_order
from footnote.platform.ids import new_id
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, mongo

LATEST_FIRST = [("touched", -1)]


class MongoConversationRepository:
    def __init__(self, database: MongoDatabase) -> None:
        self._conversations = database.collection("conversation")
        self._turns = database.collection("turn")
        self._summaries = database.collection("summary")

    async def add(self, tx: Transaction, principal: Principal, conversation: Conversation) -> None:
        row = {
            **conversation_row(conversation),
            "tenant": principal.tenant,
            "owner": principal.subject,
            "touched": new_id(),
        }
        await self._conversations.insert_one(row, tx=mongo(tx))

    async def get(self, principal: Principal, conversation_id: str) -> Conversation:
        row = await self._conversations.find_one(_owned(principal, conversation_id))
        if row is None:
            raise ConversationNotFound(conversation_id)
        return to_conversation(row)

    async def page(self, principal: Principal, *, cursor: str | None, limit: int) -> ConversationPage:
        wanted: dict[str, Any] = {"tenant": principal.tenant, "owner": principal.subject}
        if cursor is not None:
            wanted["touched"] = {"$lt": cursor}
        rows = await self._conversations.find(wanted, sort=LATEST_FIRST, limit=limit + 1)
        items = tuple(to_conversation(row) for row in rows[:limit])
        return ConversationPage(items=items, next_cursor=rows[limit - 1]["touched"] if len(rows) > limit else None)

    async def rename(
        self, tx: Transaction, principal: Principal, conversation_id: str, title: str, titled_by: TitledBy
    ) -> None:
        new: dict[str, Any] = {"title": title, "titled_by": titled_by}
        if titled_by != "person":
            is_free = {"$ne": ["$titled_by", "person"]}
            new = {name: {"$cond": [is_free, {"$literal": value}, f"${name}"]} for name, value in new.items()}
        await self._change(tx, principal, conversation_id, [{"$set": new}])

    async def activate(self, tx: Transaction, principal: Principal, conversation_id: str, turn_id: str) -> None:
        await self._change(tx, principal, conversation_id, {"$set": {"active_id": turn_id}})

    async def add_turn(
        self, tx: Transaction, principal: Principal, conversation_id: str, node: Node, *, at: datetime, title: str
    ) -> None:
        is_untitled = {"$eq": ["$titled_by", "nobody"]}
        changed = {
            "active_id": node.id,
            "turns": {"$add": ["$turns", 1]},
            "updated_at": at.isoformat(),
            "touched": new_id(),
            "title": {"$cond": [is_untitled, {"$literal": title}, "$title"]},
            "titled_by": {"$cond": [is_untitled, "rules", "$titled_by"]},
        }
        await self._change(tx, principal, conversation_id, [{"$set": changed}])
        before = {"_id": node.parent_id, "conversation_id": conversation_id}
        if node.parent_id is not None and await self._turns.find_one(before, tx=mongo(tx)) is None:
            raise TurnNotFound(node.parent_id)
        await self._turns.insert_one(turn_row(principal.tenant, conversation_id, node), tx=mongo(tx))

    async def nodes(self, principal: Principal, conversation_id: str) -> list[Node]:
        if await self._conversations.find_one(_owned(principal, conversation_id), projection={"_id": 1}) is None:
            return []
        rows = await self._turns.find({"conversation_id": conversation_id}, sort=[("_id", 1)])
        return in_order(Node(id=row["_id"], parent_id=row["parent_id"]) for row in rows)

    async def delete(self, tx: Transaction, principal: Principal, conversation_id: str) -> tuple[list[str], int]:
        # First of all, so that a turn that is added at the same time conflicts.
        if not await self._conversations.delete_one(_owned(principal, conversation_id), tx=mongo(tx)):
            raise ConversationNotFound(conversation_id)
        within = {"conversation_id": conversation_id}
        rows = await self._turns.find(within, projection={"_id": 1}, sort=[("_id", 1)], tx=mongo(tx))
        await self._turns.delete_many(within, tx=mongo(tx))
        return [row["_id"] for row in rows], await self._summaries.delete_many(within, tx=mongo(tx))

    async def summaries(self, principal: Principal, conversation_id: str) -> list[Summary]:
        if await self._conversations.find_one(_owned(principal, conversation_id), projection={"_id": 1}) is None:
            return []
        rows = await self._summaries.find({"conversation_id": conversation_id})
        return sorted(map(_summary, rows), key=lambda summary: summary.turn_id)

    async def keep_summary(self, tx: Transaction, principal: Principal, summary: Summary) -> None:
        # Written to, so that a deletion at the same time conflicts; the same value again would be no write.
        await self._change(tx, principal, summary.conversation_id, {"$set": {"held": new_id()}})
        row = {name: getattr(summary, name) for name in ("conversation_id", "text", "written_by")}
        row |= {"_id": summary.turn_id, "tenant": principal.tenant, "document_ids": list(summary.document_ids)}
        await self._summaries.replace_one({"_id": summary.turn_id}, row, upsert=True, tx=mongo(tx))

    async def drop_summaries(self, tx: Transaction, tenant: str, turn_ids: Sequence[str]) -> None:
        await self._summaries.delete_many({"_id": {"$in": list(turn_ids)}, "tenant": tenant}, tx=mongo(tx))

    async def forget(self, tx: Transaction, tenant: str, document_id: str) -> int:
        return await self._summaries.delete_many({"tenant": tenant, "document_ids": document_id}, tx=mongo(tx))

    async def _change(self, tx: Transaction, principal: Principal, conversation_id: str, update: Any) -> None:
        if not await self._conversations.update_one(_owned(principal, conversation_id), update, tx=mongo(tx)):
            raise ConversationNotFound(conversation_id)


def _owned(principal: Principal, conversation_id: str) -> dict[str, Any]:
    return {"_id": conversation_id, "tenant": principal.tenant, "owner": principal.subject}


def turn_row(tenant: str, conversation_id: str, node: Node) -> dict[str, Any]:
    return {"_id": node.id, "tenant": tenant, "conversation_id": conversation_id, "parent_id": node.parent_id}


def conversation_row(conversation: Conversation) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(conversation, builtin_types=(datetime,))
    times = {name: fields[name].isoformat() for name in ("created_at", "updated_at")}
    return {"_id": fields.pop("id"), **fields, **times}


def to_conversation(row: dict[str, Any]) -> Conversation:
    fields = {name: row[name] for name in Conversation.__struct_fields__ if name != "id"}
    return msgspec.convert({"id": row["_id"], **fields}, Conversation)


def _summary(row: dict[str, Any]) -> Summary:
    return Summary(
        turn_id=row["_id"],
        conversation_id=row["conversation_id"],
        text=row["text"],
        written_by=row["written_by"],
        document_ids=tuple(row["document_ids"]),
    )
