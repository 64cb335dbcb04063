"""A streamed completion, chunk by chunk."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing

from footnote.modules.generation.cursor import Told
from footnote.modules.generation.models import (
    AnswerEvent,
    Citation,
    CitationFound,
    Done,
    SentenceDone,
    Thought,
    Token,
)
from footnote.modules.generation.openai_api.completions import Body, annotations, headed, summary, usage
from footnote.modules.generation.runs import Run

DONE: Body = {}  # stands for the line that ends a stream
NOTHING = Run((), 0, 0)


async def chunks(
    told: AsyncGenerator[Told], *, model: str, created: int, base_url: str, has_usage: bool
) -> AsyncIterator[Body]:
    """The chunks of a streamed completion; `DONE` is the last.

    Text comes as it is released. The citations of neighbouring sentences that share them follow once it is known that
    the next one does not, as annotations of their place in the text; so they do where the answer breaks off.
    """
    writer, head = Writer(base_url, has_usage=has_usage), Body()
    async with aclosing(told):
        try:
            async for each in told:
                if not head:
                    head = headed("chat.completion.chunk", each.answer_id, model, created)
                    yield {**head, "choices": [_choice({"role": "assistant", "content": "", "refusal": None})]}
                for chunk in writer.chunks(each.event):
                    yield {**head, **chunk}
        except Exception:
            for chunk in writer.rest():
                yield {**head, **chunk}
            raise
    yield DONE


class Writer:
    """What is in the chunks, of the events of one answer."""

    def __init__(self, base_url: str, *, has_usage: bool) -> None:
        self._base_url = base_url
        self._has_usage = has_usage
        self._text = ""
        self._citations: dict[int, Citation] = {}
        self._run = NOTHING

    def chunks(self, event: AnswerEvent) -> Iterator[Body]:
        match event:
            case Token(text):
                self._text += text
                yield {"choices": [_choice({"content": text})]}
            case Thought(text):
                yield {"choices": [_choice({"reasoning_content": text})]}
            case CitationFound(citation):
                self._citations[citation.index] = citation
            case SentenceDone():
                yield from self._sentence(event)
            case Done(answer):
                yield from self.rest()
                yield {"choices": [_choice({}, "stop")], "footnote": summary(answer)}
                if self._has_usage:
                    yield {"choices": [], "usage": usage(answer.usage)}

    def rest(self) -> Iterator[Body]:
        """The annotations of the sentences that were told last."""
        run, self._run = self._run, NOTHING
        if run.citations:
            yield {"choices": [_choice({"annotations": annotations(run, self._citations, self._base_url)})]}

    def _sentence(self, event: SentenceDone) -> Iterator[Body]:
        end = len(self._text)
        if event.citations != self._run.citations:
            yield from self.rest()
            self._run = Run(event.citations, end - len(event.text), end)
        self._run = self._run._replace(end=end)


def _choice(delta: Body, finish_reason: str | None = None) -> Body:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
