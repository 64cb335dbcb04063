"""Conversations and memories on their way to another store. Summaries stay: they are made again."""

from typing import Protocol

import msgspec

from footnote.modules.generation.conversations.models import Conversation, Memory, Node
from footnote.platform.storage import Transaction


class ConversationRecord(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    owner: str
    touched: str  # its place in lists
    conversation: Conversation
    nodes: tuple[Node, ...]  # oldest first; their answers move as answers


class MemoryRecord(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    owner: str
    memory: Memory


class ConversationMoving(Protocol):
    async def following(self, after: str) -> ConversationRecord | None:
        """The conversation with the next id, of whichever tenant; "" comes before all."""
        ...

    async def restore(self, tx: Transaction, record: ConversationRecord) -> None:
        """Keep it just so; its answers are there."""
        ...


class MemoryMoving(Protocol):
    async def following(self, after: str) -> MemoryRecord | None:
        """The memory with the next id, of whichever tenant; "" comes before all."""
        ...
