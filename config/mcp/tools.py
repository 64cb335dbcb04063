"""The tools that an assistant is given."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, ParamSpec, Protocol

from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel, Field

from footnote.config.mcp.shapes import Answered, Found, Text, answered, found_passage, read_text
from footnote.config.mcp.wording import answer_text, found_text, page_text
from footnote.modules.generation import Answer, Answerer, Done, Options, Question, Status
from footnote.modules.ingestion import Document
from footnote.modules.retrieval import Mode, Retriever, SearchQuery
from footnote.platform.errors import FootnoteError
from footnote.platform.principal import LOCAL, Principal

MOST_PASSAGES = 50
LONGEST_READ = 20_000  # characters at a time
LAST_VERSION = 2**63 - 1  # that a store can count

Filters = Annotated[
    dict[str, Any] | None,
    Field(description='Over document_id, media_type, language, created_at, metadata.KEY; e.g. {"language": "en"}'),
]
P = ParamSpec("P")


class Documents(Protocol):
    async def get(self, principal: Principal, document_id: str) -> Document: ...


class Reader(Protocol):
    async def text(self, principal: Principal, document_id: str, version: int | None = None) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """What the tools work with."""

    retriever: Retriever
    answerer: Answerer
    documents: Documents
    reader: Reader


def told(tool: Callable[P, Awaitable[CallToolResult]]) -> Callable[P, Awaitable[CallToolResult]]:
    """An error that footnote raises on purpose is for the assistant to read."""

    @wraps(tool)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> CallToolResult:
        try:
            return await tool(*args, **kwargs)
        except FootnoteError as error:
            raise ToolError(f"{error.title}. {error.detail}") from error

    return wrapped


class Tools:
    def __init__(self, library: Library) -> None:
        self._library = library

    @told
    async def search(
        self,
        context: Context[Any, Any],
        query: Annotated[str, Field(description="What to look for, as a question or in words", min_length=1)],
        top_k: Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="How many passages")] = 8,
        mode: Annotated[Mode, Field(description="By word and meaning, by meaning alone, or by word alone")] = "hybrid",
        filters: Filters = None,
    ) -> Annotated[CallToolResult, Found]:
        """Find the passages of the documents that fit a query best, with their place in the document."""
        asked = SearchQuery(text=query, mode=mode, top_k=top_k, filters=filters)
        results = await self._library.retriever.search(principal_of(context), asked)
        found = Found(passages=[found_passage(passage) for passage in results.results])
        return _result(found_text(found), found)

    @told
    async def ask(
        self,
        context: Context[Any, Any],
        question: Annotated[str, Field(description="One question, understandable by itself", min_length=1)],
        filters: Filters = None,
        max_sentences: Annotated[int | None, Field(ge=1, le=20)] = None,
        model: Annotated[str | None, Field(description="provider:model, other than the usual one")] = None,
    ) -> Annotated[CallToolResult, Answered]:
        """Answer a question from the documents: every sentence is checked against the passages that it cites.

        What the documents do not support is withheld; where they do not hold the answer, it says so.
        """
        asked = Question(text=question, filters=filters, model=model, options=Options(max_sentences=max_sentences))
        answer = await self._made(context, asked)
        return _result(answer_text(answer), answered(answer))

    @told
    async def read(
        self,
        context: Context[Any, Any],
        document_id: Annotated[str, Field(description="As search and ask name it")],
        start: Annotated[int, Field(ge=0, description="Where to begin, in code points")] = 0,
        end: Annotated[int | None, Field(ge=0, description="Where to stop")] = None,
        version: Annotated[int | None, Field(ge=1, le=LAST_VERSION, description="Other than the current one")] = None,
    ) -> Annotated[CallToolResult, Text]:
        """Read the text of a document, 20000 characters at a time; spans of passages and quotes point into it."""
        principal = principal_of(context)
        document = await self._library.documents.get(principal, document_id)
        text = await self._library.reader.text(principal, document_id, version)
        start = min(start, len(text))
        end = min(len(text) if end is None else max(start, end), start + LONGEST_READ, len(text))
        page = read_text(document, version or document.version, text, start, end)
        return _result(page_text(page), page)

    async def _made(self, context: Context[Any, Any], question: Question) -> Answer:
        """The answer, telling its steps meanwhile: a client who hears nothing for long gives up."""
        steps = 0
        async with aclosing(self._library.answerer.stream(principal_of(context), question)) as events:
            async for event in events:
                if isinstance(event, Status):
                    steps += 1
                    await context.report_progress(steps, message=event.step)
                elif isinstance(event, Done):
                    return event.answer
        raise ToolError("The answer has no end.")


def principal_of(context: Context[Any, Any]) -> Principal:
    """Who was authenticated over HTTP; over standard input the one local person."""
    request = context.request_context.request
    if request is None:
        return LOCAL
    principal = request.scope["user"]
    if not isinstance(principal, Principal):
        raise ToolError("Nobody is signed in.")
    return principal


def _result(text: str, structured: BaseModel) -> CallToolResult:
    content = structured.model_dump(mode="json")
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=content)
