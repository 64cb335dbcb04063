"""A question and its conversation, as the pipeline sees them."""

from typing import Protocol

from footnote.modules.generation.conversations import Turn
from footnote.modules.generation.models import Question
from footnote.platform.inference import Message
from footnote.platform.principal import Principal


class Conversations(Protocol):
    async def opened(self, principal: Principal, question: Question) -> Turn:
        """What `question` comes with; nothing is stored yet.

        Raises:
            NotFound: `principal` has no such conversation, or it has no such turn.
        """
        ...

    def settle(self, principal: Principal, turn: Turn) -> None:
        """Once its answer was given: what can be done in the background."""
        ...


class NoConversations:
    """Takes each question by itself."""

    async def opened(self, _principal: Principal, question: Question) -> Turn:
        history = tuple(Message(role=said.role, text=said.text) for said in question.history)
        return Turn(question=question.text, standalone=question.standalone, history=history)

    def settle(self, principal: Principal, turn: Turn) -> None:
        pass
