"""Conversations as they are stored."""

from datetime import UTC, datetime
from typing import Any

from support.answers import answer

from footnote.modules.generation.conversations.models import Conversation, Memory, Node, Summary
from footnote.modules.generation.conversations.repository import ConversationRepository
from footnote.modules.generation.repository import AnswerRepository
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)


def conversation(conversation_id: str = "talk", **changes: Any) -> Conversation:
    values = {
        "id": conversation_id,
        "title": "",
        "titled_by": "nobody",
        "active_id": None,
        "turns": 0,
        "created_at": AT,
        "updated_at": AT,
    }
    return Conversation(**(values | changes))


def summary(turn_id: str, *document_ids: str, of: str = "talk", text: str = "Said.") -> Summary:
    return Summary(turn_id=turn_id, conversation_id=of, text=text, written_by="rules", document_ids=document_ids)


def memory(memory_id: str, text: str = "I work in Munich.") -> Memory:
    return Memory(id=memory_id, text=text, created_at=AT, updated_at=AT)


class Talk:
    """Adds turns with their answers."""

    def __init__(self, conversations: ConversationRepository, answers: AnswerRepository, principal: Principal) -> None:
        self._conversations = conversations
        self._answers = answers
        self._principal = principal

    async def turn(
        self, tx: Transaction, turn_id: str, parent_id: str | None = None, *, of: str = "talk", title: str = "Why?"
    ) -> None:
        await self._answers.add(tx, self._principal, answer(turn_id))
        node = Node(id=turn_id, parent_id=parent_id)
        await self._conversations.add_turn(tx, self._principal, of, node, at=AT, title=title)
