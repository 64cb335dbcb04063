"""How many tokens a request can take, before it is sent."""

import msgspec

from footnote.platform.inference import ChatRequest, Message, TextDelta, ThoughtDelta, ToolCall, Usage
from footnote.platform.inference.calls.thinking import ROOM, effort_of
from footnote.platform.inference.calls.tokens import most_tokens

IMAGE = 2500  # tokens of a page's picture, more than any provider counts for one of usual size
CALLING = 600  # tokens with which a provider tells a model how to call tools, or to keep to a schema
FRAME = 16  # tokens around a message: its role and the marks of its ends


def most_read(request: ChatRequest) -> int:
    tools = sum(most_tokens(msgspec.json.encode(tool).decode()) for tool in request.tools)
    schema = most_tokens(msgspec.json.encode(request.schema).decode()) if request.schema else 0
    told = CALLING if request.tools or request.schema else 0
    return FRAME + told + most_tokens(request.system) + tools + schema + sum(map(_of_message, request.messages))


def most_written(request: ChatRequest) -> int:
    return request.max_tokens + most_thought(request)


def most_thought(request: ChatRequest) -> int:
    """Some models think whether asked to or not."""
    return max(ROOM[effort_of(request)], ROOM["low"])


def written(event: TextDelta | ThoughtDelta | ToolCall) -> int:
    """Tokens of what came, from above."""
    return most_tokens(event.name + event.arguments if isinstance(event, ToolCall) else event.text)


class Meter:
    """What one attempt used: as the provider says, or, as far as it has not said it, as it can be estimated."""

    def __init__(self, request: ChatRequest) -> None:
        self._request = request
        self._said: Usage | None = None
        self._written = 0  # since the provider last said how much
        self._shown = self._hidden = 0  # of thoughts beside it: what could be read, and what may have been thought

    def saw(self, event: TextDelta | ThoughtDelta | ToolCall | Usage) -> None:
        if isinstance(event, Usage):
            self._said, self._written, self._shown, self._hidden = event, 0, 0, 0
        elif isinstance(event, ThoughtDelta):
            self._shown += written(event)
            self._hidden = self._hidden if event.text else most_thought(self._request)
        else:
            self._written += written(event)

    def whole(self) -> Usage:
        """Of an answer that came to its end."""
        return self._said or self.begun()

    def begun(self) -> Usage:
        """Of one that was broken off after the provider began to work."""
        said = self._said or Usage(input_tokens=most_read(self._request))
        thought = max(self._shown, self._hidden)
        return msgspec.structs.replace(
            said,
            output_tokens=said.output_tokens + self._written + thought,
            thought_tokens=said.thought_tokens + thought,
        )

    @property
    def has_seen(self) -> bool:
        """Whether anything came."""
        return self._said is not None or any((self._written, self._shown, self._hidden))


def _of_message(message: Message) -> int:
    calls = sum(written(call) for call in message.tool_calls)
    return FRAME + most_tokens(message.text) + IMAGE * len(message.images) + calls
