"""Where conversations and memories are kept: the ports that `sqlite` and `mongo` implement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from footnote.modules.generation.conversations.models import (
    Conversation,
    ConversationPage,
    Memory,
    MemoryPage,
    Node,
    Summary,
    TitledBy,
)
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction


class ConversationRepository(Protocol):
    async def add(self, tx: Transaction, principal: Principal, conversation: Conversation) -> None:
        """Keep a conversation without turns as one of `principal`."""
        ...

    async def get(self, principal: Principal, conversation_id: str) -> Conversation:
        """
        Raises:
            ConversationNotFound: `principal` has none such.
        """
        ...

    async def page(self, principal: Principal, *, cursor: str | None, limit: int) -> ConversationPage:
        """Those of `principal`, with the latest turn first."""
        ...

    async def rename(
        self, tx: Transaction, principal: Principal, conversation_id: str, title: str, titled_by: TitledBy
    ) -> None:
        """A title by a person stays unless a person changes it.

        Raises:
            ConversationNotFound: `principal` has none such.
        """
        ...

    async def activate(self, tx: Transaction, principal: Principal, conversation_id: str, turn_id: str) -> None:
        """Go on after this turn.

        Raises:
            ConversationNotFound: `principal` has none such.
        """
        ...

    async def add_turn(
        self, tx: Transaction, principal: Principal, conversation_id: str, node: Node, *, at: datetime, title: str
    ) -> None:
        """Keep the answer `node.id` as the turn that the conversation goes on after, and `title` if it has none yet.

        Raises:
            ConversationNotFound: `principal` has none such; it may just have been deleted.
            TurnNotFound: It has no turn `node.parent_id`.
        """
        ...

    async def nodes(self, principal: Principal, conversation_id: str) -> list[Node]:
        """All turns, each after the one that it follows, else by id.

        None of a conversation that `principal` does not have.
        """
        ...

    async def delete(self, tx: Transaction, principal: Principal, conversation_id: str) -> tuple[list[str], int]:
        """Remove it with its turns and summaries: the ids of the turns, whose answers stay, and how many summaries.

        Raises:
            ConversationNotFound: `principal` has none such.
        """
        ...

    async def summaries(self, principal: Principal, conversation_id: str) -> list[Summary]:
        """Those of all branches; none of a conversation that `principal` does not have."""
        ...

    async def keep_summary(self, tx: Transaction, principal: Principal, summary: Summary) -> None:
        """Keep it, in place of one that ends with the same turn.

        Raises:
            ConversationNotFound: `principal` has none such; it may just have been deleted.
        """
        ...

    async def drop_summaries(self, tx: Transaction, tenant: str, turn_ids: Sequence[str]) -> None:
        """Those that end with these turns."""
        ...

    async def forget(self, tx: Transaction, tenant: str, document_id: str) -> int:
        """Remove the summaries that may hold words of the document; how many did."""
        ...


class MemoryRepository(Protocol):
    async def add(self, tx: Transaction, principal: Principal, memory: Memory) -> None: ...

    async def page(self, principal: Principal, *, cursor: str | None, limit: int) -> MemoryPage:
        """Those of `principal`, newest first."""
        ...

    async def get(self, principal: Principal, memory_id: str) -> Memory:
        """
        Raises:
            MemoryNotFound: `principal` has none such.
        """
        ...

    async def replace(self, tx: Transaction, principal: Principal, memory: Memory) -> None:
        """
        Raises:
            MemoryNotFound: `principal` has none such.
        """
        ...

    async def delete(self, tx: Transaction, principal: Principal, memory_id: str) -> None:
        """
        Raises:
            MemoryNotFound: `principal` has none such.
        """
        ...

    async def all(self, tx: Transaction, principal: Principal) -> list[Memory]:
        """As the transaction sees them, newest first."""
        ...
