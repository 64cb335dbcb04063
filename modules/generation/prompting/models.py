"""What a prompt is made of."""

from datetime import datetime

import msgspec

from footnote.modules.generation.models import PromptRef


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question over passages, and the answer as it should be."""

    question: str
    passages: tuple[str, ...]  # the headings in the first line of each
    answer: str


class PromptText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Templates: what stands in double braces is a variable."""

    system: str
    user: str  # holds the passages and the question
    examples: tuple[Example, ...] = ()  # put before the question, each as a turn of its own


class NewPrompt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    texts: dict[str, PromptText]  # by language, ISO 639-1
    language: str = "en"  # of the text for questions in any other language
    description: str = ""


class Prompt(NewPrompt, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a prompt; it never changes."""

    version: int  # from 1
    created_at: datetime | None = None  # nothing for one that comes with the program
    created_by: str | None = None

    @property
    def reference(self) -> PromptRef:
        return PromptRef(name=self.name, version=self.version)

    def text(self, language: str | None) -> PromptText:
        """That of `language`, else that of the prompt's own."""
        return self.texts.get(language or "", self.texts[self.language])
