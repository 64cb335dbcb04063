"""What comes of one question to a chat model's adapter."""

import pytest
from support.chat_server import KEY

from footnote.platform.inference import ChatEvent, ChatRequest, Message, TextDelta
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.inference.calls.errors import Fault

QUESTION = ChatRequest(system="Be brief.", messages=(Message(role="user", text="Which colour is it?"),))


async def events_of(service: ChatService, request: ChatRequest = QUESTION) -> list[ChatEvent]:
    return [event async for event in service.stream(request)]


async def failure_of(service: ChatService, request: ChatRequest = QUESTION, *, after: str = "") -> Fault:
    """The fault that ends the stream, once it has said `after`."""
    said = ""
    with pytest.raises(Fault) as raised:
        async for event in service.stream(request):
            said += event.text if isinstance(event, TextDelta) else ""
    assert said == after
    assert KEY not in str(raised.value.problem.detail)
    return raised.value
