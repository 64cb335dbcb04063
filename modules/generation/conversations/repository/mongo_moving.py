"""Conversations and memories out of MongoDB, and conversations into it."""

from footnote.modules.generation.conversations.models import Node
from footnote.modules.generation.conversations.repository.mongo import conversation_row, to_conversation, turn_row
from footnote.modules.generation.conversations.repository.mongo_memories import to_memory
from footnote.modules.generation.conversations.repository.moving import ConversationRecord, MemoryRecord
from footnote.modules.generation.conversations.tree import in_order
from footnote.platform.storage import Transaction
from footnote.platform.storage.mongo import MongoDatabase, mongo


class MongoConversationMoving:
    def __init__(self, database: MongoDatabase) -> None:
        self._conversations = database.collection("conversation")
        self._turns = database.collection("turn")
        self._answers = database.collection("answer")

    async def following(self, after: str) -> ConversationRecord | None:
        row = await self._conversations.find_one({"_id": {"$gt": after}}, sort=[("_id", 1)])
        if row is None:
            return None
        turns = await self._turns.find({"conversation_id": row["_id"]}, sort=[("_id", 1)])
        return ConversationRecord(
            tenant=row["tenant"],
            owner=row["owner"],
            touched=row["touched"],
            conversation=to_conversation(row),
            nodes=tuple(in_order(Node(id=turn["_id"], parent_id=turn["parent_id"]) for turn in turns)),
        )

    async def restore(self, tx: Transaction, record: ConversationRecord) -> None:
        owned = {"tenant": record.tenant, "owner": record.owner, "touched": record.touched}
        wanted = {"_id": {"$in": [node.id for node in record.nodes]}}
        rows = await self._answers.find(wanted, projection={"_id": 1}, tx=mongo(tx))
        there = {row["_id"] for row in rows}
        kept = record.with_turns(node for node in record.nodes if node.id in there)
        await self._conversations.insert_one({**conversation_row(kept.conversation), **owned}, tx=mongo(tx))
        if kept.nodes:
            turns = [turn_row(record.tenant, kept.conversation.id, node) for node in kept.nodes]
            await self._turns.insert_many(turns, tx=mongo(tx))


class MongoMemoryMoving:
    def __init__(self, database: MongoDatabase) -> None:
        self._memories = database.collection("memory")

    async def following(self, after: str) -> MemoryRecord | None:
        row = await self._memories.find_one({"_id": {"$gt": after}}, sort=[("_id", 1)])
        if row is None:
            return None
        return MemoryRecord(tenant=row["tenant"], owner=row["owner"], memory=to_memory(row))
