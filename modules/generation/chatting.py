"""Asks a chat model for a draft and keeps the account of it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from footnote.modules.generation.drafting import Drafted, SentenceSplitter
from footnote.modules.generation.models import TokenUsage
from footnote.modules.retrieval import Passage
from footnote.platform.inference import ChatEvent, ChatModel, ChatRequest, Source, TextDelta, Usage


class Draft:
    """One draft; `usage` is complete once the sentences have ended."""

    def __init__(self, model: ChatModel, request: ChatRequest) -> None:
        self._model = model
        self._request = request
        self.usage = TokenUsage()

    async def sentences(self) -> AsyncGenerator[Drafted]:
        splitter = SentenceSplitter()
        async with aclosing(self._model.stream(self._request)) as events:
            async for event in events:
                for sentence in splitter.feed(self._text(event)):
                    yield sentence
        for sentence in splitter.rest():
            yield sentence

    def _text(self, event: ChatEvent) -> str:
        if isinstance(event, Usage):
            self.usage = TokenUsage(input_tokens=event.input_tokens, output_tokens=event.output_tokens)
        return event.text if isinstance(event, TextDelta) else ""


def numbered(passages: Sequence[Passage]) -> tuple[Source, ...]:
    return tuple(
        Source(
            number=number,
            title=" > ".join((passage.title, *passage.heading_path)),
            text=passage.text,
            document=passage.document_id,
            score=passage.score,
        )
        for number, passage in enumerate(passages, start=1)
    )
