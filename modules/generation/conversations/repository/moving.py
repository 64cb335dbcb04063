"""Conversations and memories on their way to another store. Summaries stay: they are made again."""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from footnote.modules.generation.conversations.models import Conversation, Memory, Node
from footnote.modules.generation.conversations.tree import in_order
from footnote.platform.storage import Transaction


class ConversationRecord(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    owner: str
    touched: str  # its place in lists
    conversation: Conversation
    nodes: tuple[Node, ...]  # each after the one that it follows; their answers move as answers

    def with_turns(self, nodes: Iterable[Node]) -> "ConversationRecord":
        """With those of `nodes` that have all turns before them, as if it had no other."""
        kept = in_order(nodes)
        if len(kept) == len(self.nodes):
            return self
        ids = [node.id for node in kept]
        active = self.conversation.active_id if self.conversation.active_id in ids else next(reversed(ids), None)
        fewer = msgspec.structs.replace(self.conversation, active_id=active, turns=len(kept))
        return msgspec.structs.replace(self, conversation=fewer, nodes=tuple(kept))


class MemoryRecord(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    owner: str
    memory: Memory


class ConversationMoving(Protocol):
    async def following(self, after: str) -> ConversationRecord | None:
        """The conversation with the next id, of whichever tenant; "" comes before all."""
        ...

    async def restore(self, tx: Transaction, record: ConversationRecord) -> None:
        """Keep it just so, but for turns that have no answer here."""
        ...


class MemoryMoving(Protocol):
    async def following(self, after: str) -> MemoryRecord | None:
        """The memory with the next id, of whichever tenant; "" comes before all."""
        ...
