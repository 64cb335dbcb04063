"""Answers on their way to another store; they are taken in as new ones are."""

from typing import Protocol

import msgspec

from footnote.modules.generation.feedback import Feedback
from footnote.modules.generation.models import Answer


class GivenFeedback(msgspec.Struct, frozen=True, kw_only=True):
    owner: str
    feedback: Feedback


class AnswerRecord(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    owner: str
    answer: Answer
    feedback: tuple[GivenFeedback, ...] = ()  # in the order of those who gave it


class AnswerMoving(Protocol):
    async def following(self, after: str) -> AnswerRecord | None:
        """The answer with the next id, of whichever tenant; "" comes before all."""
        ...
