"""Answers as chat completions."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from footnote.modules.generation.models import Answer, Citation, TokenUsage
from footnote.modules.generation.runs import Run, runs

Body = dict[str, Any]
Citations = Sequence[Citation] | Mapping[int, Citation]  # by index


def completion(answer: Answer, base_url: str) -> Body:
    """`base_url` ends with a slash; the addresses of citations lie below it."""
    cited = [each for run in runs(answer.sentences) for each in annotations(run, answer.citations, base_url)]
    message = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": cited}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        **headed("chat.completion", answer.id, answer.model, int(answer.created_at.timestamp())),
        "choices": [choice],
        "usage": usage(answer.usage),
        "footnote": summary(answer),
    }


def annotations(run: Run, citations: Citations, base_url: str) -> list[Body]:
    return [annotation(citations[index], run.start, run.end, base_url) for index in run.citations]


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


def headed(kind: str, answer_id: str, model: str, created: int) -> Body:
    return {"id": f"chatcmpl-{answer_id}", "object": kind, "created": created, "model": model}
