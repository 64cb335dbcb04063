"""Generation: answers out, every sentence with its footnote. Other slices import from here and nowhere deeper."""

from collections.abc import AsyncGenerator
from typing import Protocol

from footnote.modules.generation.grounding import Claim, Evidence, Support, Verifier
from footnote.modules.generation.models import (
    Answer,
    AnswerEvent,
    Citation,
    CitationFound,
    Done,
    Grounding,
    Options,
    Passages,
    Question,
    Sentence,
    SentenceDone,
    Status,
    Token,
    Verdict,
)
from footnote.modules.generation.runs import Run, runs
from footnote.platform.principal import Principal

__all__ = [
    "Answer",
    "AnswerEvent",
    "Answerer",
    "Citation",
    "CitationFound",
    "Claim",
    "Done",
    "Evidence",
    "Grounding",
    "Options",
    "Passages",
    "Question",
    "Run",
    "Sentence",
    "SentenceDone",
    "Status",
    "Support",
    "Token",
    "Verdict",
    "Verifier",
    "runs",
]


class Answerer(Protocol):
    async def answer(self, principal: Principal, question: Question) -> Answer:
        """The answer, stored.

        Raises:
            UnknownModel: No such model is configured.
            Unavailable: The model or the store cannot be reached.
        """
        ...

    def stream(self, principal: Principal, question: Question) -> AsyncGenerator[AnswerEvent]:
        """The same as events, `Done` last; raises as `answer` does, also after the first event. Closing it cancels."""
        ...
