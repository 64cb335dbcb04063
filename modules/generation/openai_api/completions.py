"""Answers as chat completions: whole, and in chunks."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

from footnote.modules.generation.cursor import Told
from footnote.modules.generation.models import (
    Answer,
    Citation,
    CitationFound,
    Done,
    SentenceDone,
    Thought,
    Token,
    TokenUsage,
)

Body = dict[str, Any]
DONE: Body = {}  # stands for the line that ends a stream


def completion(answer: Answer, base_url: str) -> Body:
    """`base_url` ends with a slash; the addresses of citations lie below it."""
    annotations = [
        annotation(answer.citations[index], sentence.start, sentence.end, base_url)
        for sentence in answer.sentences
        for index in sentence.citations
    ]
    message = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": annotations}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        **_head("chat.completion", answer.id, answer.model, int(answer.created_at.timestamp())),
        "choices": [choice],
        "usage": usage(answer.usage),
        "footnote": summary(answer),
    }


async def chunks(
    told: AsyncGenerator[Told], *, model: str, created: int, base_url: str, has_usage: bool
) -> AsyncIterator[Body]:
    """The chunks of a streamed completion; `DONE` is the last.

    Text comes as it is released; the citations of a sentence follow it as annotations of its place in the text.
    """
    text, citations, is_begun = "", dict[int, Citation](), False
    async with aclosing(told):
        async for each in told:
            head = _head("chat.completion.chunk", each.answer_id, model, created)
            if not is_begun:
                is_begun = True
                yield {**head, "choices": [_choice({"role": "assistant", "content": "", "refusal": None})]}
            event = each.event
            if isinstance(event, Token):
                text += event.text
                yield {**head, "choices": [_choice({"content": event.text})]}
            elif isinstance(event, Thought):
                yield {**head, "choices": [_choice({"reasoning_content": event.text})]}
            elif isinstance(event, CitationFound):
                citations[event.citation.index] = event.citation
            elif isinstance(event, SentenceDone) and event.citations:
                start = len(text) - len(event.text)
                cited = [annotation(citations[index], start, len(text), base_url) for index in event.citations]
                yield {**head, "choices": [_choice({"annotations": cited})]}
            elif isinstance(event, Done):
                yield {**head, "choices": [_choice({}, "stop")], "footnote": summary(event.answer)}
                if has_usage:
                    yield {**head, "choices": [], "usage": usage(event.answer.usage)}
    yield DONE


def annotation(citation: Citation, start: int, end: int, base_url: str) -> Body:
    """For code points [start, end) of the answer's text; beside what clients know, where the quote stands."""
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": start,
            "end_index": end,
            "title": citation.title,
            "url": address(citation, base_url),
        },
        "footnote": {
            "index": citation.index,
            "document_id": citation.document_id,
            "version": citation.version,
            "start": citation.start,
            "end": citation.end,
            "quote": citation.quote,
            "pages": citation.pages,
        },
    }


def address(citation: Citation, base_url: str) -> str:
    """The page with the quote highlighted, or else the text of the document."""
    document = f"{base_url}api/v1/documents/{quote(citation.document_id, safe='')}"
    if not citation.pages:
        return f"{document}/text?version={citation.version}"
    span = f"version={citation.version}&start={citation.start}&end={citation.end}"
    return f"{document}/pages/{citation.pages[0]}.png?{span}"


def usage(counted: TokenUsage) -> Body:
    return {
        "prompt_tokens": counted.input_tokens,
        "completion_tokens": counted.output_tokens,
        "total_tokens": counted.input_tokens + counted.output_tokens,
    }


def summary(answer: Answer) -> Body:
    return {
        "answer_id": answer.id,
        "conversation_id": answer.conversation_id,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
        "grounding": answer.grounding,
        "withheld": sum(sentence.verdict == "withheld" for sentence in answer.sentences),
        "model": answer.model,
        "cost_usd": answer.usage.cost_usd,
    }


def _head(kind: str, answer_id: str, model: str, created: int) -> Body:
    return {"id": f"chatcmpl-{answer_id}", "object": kind, "created": created, "model": model}


def _choice(delta: Body, finish_reason: str | None = None) -> Body:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
