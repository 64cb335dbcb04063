"""What conversations store and publish. A turn is an answer: its id is the answer's."""

from datetime import datetime
from typing import Literal

import msgspec

from footnote.modules.generation.feedback import Feedback
from footnote.modules.generation.models import Answer
from footnote.platform.inference import Message

NEW = "new"  # in place of a conversation's id: one that begins with this question
ROOT = "root"  # in place of a turn's id: before the first one

TitledBy = Literal["nobody", "rules", "model", "person"]


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    titled_by: TitledBy
    active_id: str | None  # the last turn of the branch that goes on
    turns: int  # of all branches
    created_at: datetime
    updated_at: datetime  # of the last turn


class ConversationPage(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[Conversation, ...]
    next_cursor: str | None


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A turn's place in the tree of its conversation."""

    id: str
    parent_id: str | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Of all turns of a branch up to `turn_id`."""

    turn_id: str
    conversation_id: str
    text: str
    written_by: str  # `rules`, or the model's name
    document_ids: tuple[str, ...]  # whose words it may hold


class PlacedTurn(msgspec.Struct, frozen=True, kw_only=True):
    """A turn as its conversation shows it."""

    id: str
    parent_id: str | None
    alternatives: tuple[str, ...]  # the turns that stand at the same place, this one among them, oldest first
    answer: Answer
    feedback: Feedback | None  # the owner's


class ConversationView(Conversation, frozen=True, kw_only=True):
    """A conversation and one of its branches."""

    branch: tuple[PlacedTurn, ...]  # oldest first, up to `leaf_id`
    leaf_id: str | None
    before: str | None  # the turn to ask for earlier ones with, if there are any


class DeletedConversation(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    turns: int
    answers: int
    summaries: int
    report: dict[str, int]  # what else went with the answers


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asked to be remembered, in their words."""

    id: str
    text: str
    created_at: datetime
    updated_at: datetime


class MemoryPage(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[Memory, ...]
    next_cursor: str | None


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What a question comes with, by the conversation it is asked in. Nothing in it is unreadable to the asker now."""

    conversation_id: str | None = None
    parent_id: str | None = None
    is_new: bool = False  # whether the conversation begins with it
    question: str  # without what was asked to be remembered
    standalone: str | None = None  # nothing where `question` stands alone
    summary: str = ""  # of what was said before `history`
    history: tuple[Message, ...] = ()  # oldest first
    memories: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()  # whose words stand in `standalone`, `summary` or `history`
    remembered: str | None = None  # what the question asked to be remembered
    acknowledgement: str = ""  # what is to be said where nothing else was asked

    @property
    def asked(self) -> str:
        """The question as it is searched and answered."""
        return self.standalone or self.question
