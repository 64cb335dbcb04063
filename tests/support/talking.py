"""Conversations over a SQLite store, with documents and models as a test gives them."""

from types import SimpleNamespace
from typing import Any

from footnote.config.conversations import Talks, build_talks
from footnote.modules.generation.conversations.repository.sqlite import SqliteConversationRepository
from footnote.modules.generation.conversations.repository.sqlite_memories import SqliteMemoryRepository
from footnote.modules.generation.feedback.sqlite import SqliteFeedbackRepository
from footnote.modules.generation.repository.sqlite import SqliteAnswerRepository
from footnote.platform.errors import Unavailable
from footnote.platform.events import EventBus
from footnote.platform.storage.sqlite import SqliteDatabase


def talks_over(database: SqliteDatabase, documents: Any, models: Any) -> Talks:
    store: Any = SimpleNamespace(
        storage=database,
        answers=SqliteAnswerRepository(database),
        feedback=SqliteFeedbackRepository(database),
        conversations=SqliteConversationRepository(database),
        memories=SqliteMemoryRepository(database),
    )
    return build_talks(store, documents, models, EventBus())


class ScriptedWriter:
    """Implements `TextModel`: the answer of the first key that stands in the prompt, or an error."""

    name = "test:writer"

    def __init__(self, **answers: str) -> None:
        self._answers = answers
        self.prompts: list[str] = []

    async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
        self.prompts.append(prompt)
        for key, answer in self._answers.items():
            if key in prompt:
                return answer
        raise Unavailable("The writer is gone.")
