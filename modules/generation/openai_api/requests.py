"""What a client of OpenAI sends, and the question that it comes to."""

from typing import Any, Literal

import msgspec

from footnote.modules.generation.models import Options, Question, Said
from footnote.modules.generation.openai_api.errors import UnsupportedParameter

LONGEST_INSTRUCTIONS = 8000  # characters of all system messages together

Role = Literal["system", "developer", "user", "assistant", "tool", "function"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    text: str = ""


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    role: Role
    content: str | tuple[Part, ...] | None = None

    def text(self, parameter: str) -> str:
        """
        Raises:
            UnsupportedParameter: A part is something else than text.
        """
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        if other := next((part.type for part in self.content if part.type not in ("text", "refusal")), None):
            raise UnsupportedParameter(parameter, f"parts of type {other!r} are not read here, only text.")
        return "\n".join(part.text for part in self.content if part.type == "text")


class StreamOptions(msgspec.Struct, frozen=True, kw_only=True):
    include_usage: bool = False


class Extras(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What only Footnote has: `extra_body={"footnote": {...}}`, as in POST /api/v1/answers."""

    conversation_id: str | None = None
    parent_id: str | None = None
    filters: dict[str, Any] | None = None
    prompt: str | None = None
    options: Options = Options()


class ChatCompletionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is not named here, such as `temperature`, is taken and changes nothing."""

    model: str
    messages: tuple[ChatMessage, ...]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    footnote: Extras | None = None

    @property
    def has_usage(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage

    def question(self) -> Question:
        """The last message; those before are the conversation, those of the system wishes for tone and form.

        Raises:
            UnsupportedParameter: The last message is not one of the user, or something is asked that is not done here.
        """
        if self.n not in (None, 1):
            raise UnsupportedParameter("n", "there is one answer to a question.")
        spoken = [(at, message) for at, message in enumerate(self.messages) if message.role in ("user", "assistant")]
        if not spoken or spoken[-1][1].role != "user":
            raise UnsupportedParameter("messages", "the last message must be one of the user.")
        *before, last = [
            Said(role="user" if message.role == "user" else "assistant", text=message.text(f"messages[{at}].content"))
            for at, message in spoken
        ]
        extras = self.footnote or Extras()
        return Question(
            text=last.text,
            conversation_id=extras.conversation_id,
            parent_id=extras.parent_id,
            filters=extras.filters,
            model=self.model,
            prompt=extras.prompt,
            options=extras.options,
            history=() if extras.conversation_id else tuple(before),
            instructions=self._instructions(),
        )

    def _instructions(self) -> str:
        told = [
            message.text(f"messages[{at}].content")
            for at, message in enumerate(self.messages)
            if message.role in ("system", "developer")
        ]
        instructions = "\n\n".join(told)
        if len(instructions) > LONGEST_INSTRUCTIONS:
            raise UnsupportedParameter(
                "messages", f"system messages have at most {LONGEST_INSTRUCTIONS} characters in all."
            )
        return instructions
