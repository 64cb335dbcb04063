"""What is sent to ask a question, over HTTP and over a WebSocket."""

from typing import Annotated, Any

import msgspec

from footnote.modules.generation.models import Answer, Options, Question

LONGEST_STAY = 600  # seconds

Seconds = Annotated[int, msgspec.Meta(ge=0, le=LONGEST_STAY)]


class NewAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`resume_within`: seconds that a streamed answer goes on after its listener left, to be taken up again."""

    question: str
    conversation_id: str | None = None
    parent_id: str | None = None
    filters: dict[str, Any] | None = None
    model: str | None = None
    prompt: str | None = None
    options: Options = Options()
    stream: bool | msgspec.UnsetType = msgspec.UNSET
    resume_within: Seconds = 0

    @property
    def asked(self) -> Question:
        return Question(
            text=self.question,
            conversation_id=self.conversation_id,
            parent_id=self.parent_id,
            filters=self.filters,
            model=self.model,
            prompt=self.prompt,
            options=self.options,
        )


class NewReplay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is absent stays as it was."""

    filters: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET
    model: str | msgspec.UnsetType | None = msgspec.UNSET
    prompt: str | msgspec.UnsetType | None = msgspec.UNSET
    options: Options | msgspec.UnsetType = msgspec.UNSET
    stream: bool | msgspec.UnsetType = msgspec.UNSET
    resume_within: Seconds = 0

    def of(self, answer: Answer) -> Question:
        """The question of `answer` again. One that stood in a conversation is asked as it is without it."""
        before = answer.asked
        question = Question(
            text=answer.question,
            filters=before.filters if before else None,
            model=before.model if before else None,
            prompt=before.prompt if before else None,
            options=before.options if before else Options(grounding=answer.grounding),
            instructions=before.instructions if before else "",
            standalone=before.standalone if before else None,
            context_documents=answer.context_documents,
            replay_of=answer.id,
        )
        given = {name: getattr(self, name) for name in ("filters", "model", "prompt", "options")}
        changes = {name: value for name, value in given.items() if value is not msgspec.UNSET}
        return msgspec.structs.replace(question, **changes)
