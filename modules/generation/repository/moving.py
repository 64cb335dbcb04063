"""Answers on their way to another store; they are taken in as new ones are."""

from typing import Protocol

import msgspec

from footnote.modules.generation.feedback import Feedback
from footnote.modules.generation.models import Answer
from footnote.modules.generation.prompting.models import Prompt


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


class PromptRecord(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    prompt: Prompt

    @property
    def id(self) -> str:
        return prompt_id(self.tenant, self.prompt)


class PromptMoving(Protocol):
    async def following(self, after: str) -> PromptRecord | None:
        """The version with the next id, of whichever tenant and name; "" comes before all."""
        ...


def prompt_id(tenant: str, prompt: Prompt) -> str:
    """In order of tenants, names and versions."""
    return f"{tenant}\n{prompt.name}\n{prompt.version:010}"
