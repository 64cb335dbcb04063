"""A question outside of any conversation."""

from typing import Protocol

import msgspec

from footnote.modules.generation.models import Question
from footnote.platform.inference import Message
from footnote.platform.principal import Principal


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    question: str
    standalone: str | None = None  # the question as it can be understood by itself, if it could not
    conversation_id: str | None = None
    summary: str = ""  # of what came before `history`
    history: tuple[Message, ...] = ()  # oldest first
    memories: tuple[str, ...] = ()
    acknowledgement: str = ""

    @property
    def asked(self) -> str:
        return self.standalone or self.question


class Conversations(Protocol):
    async def opened(self, principal: Principal, question: Question) -> Turn: ...


class NoConversations:
    """Takes each question by itself."""

    async def opened(self, _principal: Principal, question: Question) -> Turn:
        history = tuple(Message(role=said.role, text=said.text) for said in question.history)
        return Turn(question=question.text, standalone=question.standalone, history=history)
