"""Asks a chat model for a draft and keeps the account of it."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from time import perf_counter

from footnote.modules.generation.drafting import REACH, Drafted, SentenceSplitter
from footnote.modules.generation.models import Thoughts, TokenUsage
from footnote.modules.generation.prompting import Abstentions
from footnote.modules.retrieval import Passage, estimated_tokens
from footnote.platform.inference import (
    ChatEvent,
    ChatModel,
    ChatRequest,
    Source,
    Started,
    Stop,
    TextDelta,
    ThoughtDelta,
    Usage,
)

Heard = Callable[[str], Awaitable[str]]
THOUGHT = re.compile(r".*(?:[.!?…][\"'”’)\]]*\s|[。！？]|\n)", re.DOTALL)  # all sentences that are whole
NOTES = {
    "length": "The model's answer was longer than it may be, and was cut.",
    "refused": "The model declined to answer.",
}


class Draft:
    """One draft; the account is complete once the sentences have ended."""

    def __init__(
        self, model: ChatModel, request: ChatRequest, abstentions: Abstentions, heard: Heard | None = None
    ) -> None:
        """`heard` is told of the model's thoughts, in whole sentences, and gives what of them was shown.

        Without it they are dropped unread.
        """
        self._model = model
        self._request = request
        self._abstentions = abstentions
        self._heard = heard
        self._thoughts: list[str] = []
        self._unheard = ""
        self._thinking: tuple[float, float] | None = None  # from, to
        self._thought_tokens = 0
        self._writes = False
        self.model = model.name  # that really writes, once it has begun
        self._used: TokenUsage | None = None
        self._written = 0  # tokens, estimated
        self.notes: tuple[str, ...] = ()

    async def sentences(self) -> AsyncGenerator[Drafted]:
        """As they are complete, without the one that says that the documents hold no answer."""
        splitter = SentenceSplitter()
        async with aclosing(self._model.stream(self._request)) as events:
            async for event in events:
                await self._note(event)
                if isinstance(event, TextDelta):
                    await self._stop_thinking()
                    self._written += estimated_tokens(event.text)
                    for sentence in splitter.feed(event.text):
                        if not self._abstains(sentence):
                            yield sentence
        await self._stop_thinking()
        for sentence in splitter.rest():
            if not self._abstains(sentence):
                yield sentence

    @property
    def usage(self) -> TokenUsage:
        """As the model has told it; an estimate of its tokens where its text was not read to the end."""
        return self._used or TokenUsage(input_tokens=_read(self._request), output_tokens=self._written)

    @property
    def thoughts(self) -> Thoughts | None:
        """What was heard of them."""
        if self._thinking is None or self._heard is None:
            return None
        began, ended = self._thinking
        text = "".join(self._thoughts)
        return Thoughts(text=text, tokens=self._thought_tokens, ms=round((ended - began) * 1000, 3))

    def _abstains(self, sentence: Drafted) -> bool:
        return not sentence.sources and self._abstentions.is_one(sentence.text)

    async def _note(self, event: ChatEvent) -> None:
        match event:
            case Started(model=model):
                self.model = model
            case ThoughtDelta(text=text):
                await self._think(text)
            case Usage():
                self._thought_tokens = event.thought_tokens
                self._used = TokenUsage(
                    input_tokens=event.input_tokens,
                    output_tokens=event.output_tokens,
                    cost_usd=event.cost_usd or 0.0,
                )
            case Stop(reason=reason) if reason in NOTES:
                self.notes = (NOTES[reason],)

    async def _stop_thinking(self) -> None:
        if self._thinking and not self._writes:
            self._thinking = (self._thinking[0], perf_counter())
        self._writes = True
        await self._tell(self._unheard)

    async def _think(self, text: str) -> None:
        now = perf_counter()
        self._thinking = (self._thinking[0] if self._thinking else now, now)
        looked_at = max(0, len(self._unheard) - REACH)
        self._unheard += text
        if whole := THOUGHT.match(self._unheard, looked_at):
            await self._tell(self._unheard[: whole.end()])

    async def _tell(self, thought: str) -> None:
        self._unheard = self._unheard[len(thought) :]
        if thought and self._heard is not None:
            self._thoughts.append(await self._heard(thought))


def _read(request: ChatRequest) -> int:
    return estimated_tokens(request.system) + sum(estimated_tokens(each.text) for each in request.messages)


def numbered(passages: Sequence[Passage]) -> tuple[Source, ...]:
    return tuple(
        Source(
            number=number,
            title=" > ".join((passage.title, *passage.heading_path)),
            text=passage.text,
            document=passage.document_id,
            score=passage.score,
            context=passage.context,
        )
        for number, passage in enumerate(passages, start=1)
    )
