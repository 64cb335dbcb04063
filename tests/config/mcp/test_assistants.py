"""The protocol's own client against the server, in this process and over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from support.answers import answer, citation
from support.live import live

from footnote.config.mcp.server import build_server, http_app
from footnote.config.mcp.tools import LONGEST_READ, Library
from footnote.config.mcp.wording import answer_text
from footnote.modules.access.authenticators import KeyAuthenticator, LocalAuthenticator
from footnote.modules.access.keys import parse_api_keys
from footnote.modules.access.sessions import Sessions
from footnote.modules.generation import Answer, AnswerEvent, Done, Question, Sentence, Status
from footnote.modules.ingestion import Document
from footnote.modules.retrieval import Passage, Ranks, Scores, SearchQuery, SearchResults
from footnote.platform.errors import NotFound
from footnote.platform.http.app import HttpRules
from footnote.platform.principal import LOCAL, Principal

NOON = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = "Mars has two moons 🪐. " * 2000


def passage(text: str) -> Passage:
    place = {"pages": (3,), "boxes": (), "heading_path": ("Planets",)}
    made = {"id": "p", "document_id": "mars", "version": 1, "title": "Mars", "text": text, "start": 0, "end": len(text)}
    return Passage(**made, **place, score=0.5, scores=Scores(), ranks=Ranks())


@dataclass
class Shelf:
    """Everything that the tools work with, and who asked for what."""

    asked: list[tuple[Principal, Any]] = field(default_factory=list)

    async def search(self, principal: Principal, query: SearchQuery) -> SearchResults:
        self.asked.append((principal, query))
        return SearchResults(results=(passage("Mars has two moons."),), trace_id="", timings_ms={})

    async def answer(self, principal: Principal, question: Question) -> Answer:
        self.asked.append((principal, question))
        said = "Mars has two moons."
        sentences = (
            Sentence(text=said, start=0, end=len(said), verdict="supported", citations=(0,)),
            Sentence(text="", start=len(said), end=len(said), verdict="withheld", citations=()),
        )
        return answer("1", "mars", text=said, sentences=sentences)

    async def get(self, principal: Principal, document_id: str) -> Document:
        self.asked.append((principal, document_id))
        if document_id != "mars":
            raise NotFound("There is no such document.")
        facts: dict[str, Any] = dict.fromkeys(("progress", "language", "error"))
        facts |= {"owner": "local", "size": 1, "sha256": "", "status": "ready", "pages": 0, "chunks": 1}
        facts |= {"readers": (), "metadata": {}, "warnings": (), "created_at": NOON, "updated_at": NOON}
        return Document(id=document_id, title="Mars", media_type="text/plain", version=2, filename="mars.txt", **facts)

    async def text(self, _principal: Principal, _document_id: str, _version: int | None = None) -> str:
        return TEXT

    async def stream(self, principal: Principal, question: Question) -> AsyncIterator[AnswerEvent]:
        yield Status("retrieve")
        yield Status("draft")
        yield Done(await self.answer(principal, question))

    @property
    def library(self) -> Any:
        parts: dict[str, Any] = dict.fromkeys(("retriever", "answerer", "documents", "reader"), self)
        return Library(**parts)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def called(shelf: Shelf, tool: str, arguments: dict[str, Any]) -> Any:
    async with Client(build_server(shelf.library)) as client:
        return await client.call_tool(tool, arguments)


async def test_there_are_three_tools_and_only_asking_leaves_something(shelf: Shelf) -> None:
    async with Client(build_server(shelf.library)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"search", "ask", "read"}
    hints = {name: tool.annotations.read_only_hint for name, tool in tools.items() if tool.annotations}
    assert hints == {"search": True, "ask": False, "read": True}
    assert all(tool.output_schema and tool.description for tool in tools.values())
    assert "context" not in tools["search"].input_schema["properties"]


async def test_search_gives_passages_with_their_place(shelf: Shelf) -> None:
    found = await called(shelf, "search", {"query": "moons"})
    (first,) = found.structured_content["passages"]
    assert (first["document_id"], first["pages"], first["text"]) == ("mars", [3], "Mars has two moons.")
    assert "Mars, page 3 › Planets" in found.content[0].text


async def test_an_answer_has_footnotes_in_words_and_as_structure(shelf: Shelf) -> None:
    given = await called(shelf, "ask", {"question": "How many moons?"})
    text = given.content[0].text
    assert text.startswith("Mars has two moons. [1]")
    assert "withheld" in text
    (footnote,) = given.structured_content["footnotes"]
    assert (footnote["number"], footnote["document_id"], footnote["quote"]) == (1, "mars", citation("mars").quote)
    assert [sentence["footnotes"] for sentence in given.structured_content["sentences"]] == [[1], []]


def test_in_words_neighbours_share_the_number_of_their_footnote() -> None:
    said, rows = "Mars has two moons. One is Phobos.", "\n| Phobos | 22 km |"
    places = [(0, 19, 0), (20, 34, 0), (35, 53, 1)]
    sentences = [
        Sentence(text=(said + rows)[start:end], start=start, end=end, verdict="supported", citations=(index,))
        for start, end, index in places
    ]
    text = answer_text(answer("1", "mars", text=said + rows, sentences=tuple(sentences)))
    assert text.startswith(f"{said} [1]{rows} [2]\n\n[1] Planets › A")


async def test_the_steps_of_an_answer_are_told_to_who_wants_to_know(shelf: Shelf) -> None:
    told: list[tuple[float, str | None]] = []

    async def hear(progress: float, _total: float | None, message: str | None) -> None:
        told.append((progress, message))

    async with Client(build_server(shelf.library)) as client:
        await client.call_tool("ask", {"question": "How many moons?"}, progress_callback=hear)
    assert told == [(1, "retrieve"), (2, "draft")]


async def test_arguments_reach_the_question(shelf: Shelf) -> None:
    filters = {"language": "en"}
    await called(shelf, "ask", {"question": "?", "filters": filters, "max_sentences": 2, "model": "a:b"})
    await called(shelf, "search", {"query": "?", "filters": filters, "top_k": 3, "mode": "lexical"})
    (asker, question), (_, query) = shelf.asked
    assert asker == LOCAL
    assert (question.filters, question.options.max_sentences, question.model) == (filters, 2, "a:b")
    assert question.options.grounding == "enforce"
    assert (query.filters, query.top_k, query.mode) == (filters, 3, "lexical")


async def test_a_long_document_is_read_piece_by_piece(shelf: Shelf) -> None:
    pieces, start = "", 0
    while start is not None:
        page = (await called(shelf, "read", {"document_id": "mars", "start": start})).structured_content
        assert len(page["text"]) <= LONGEST_READ
        pieces, start = pieces + page["text"], page["next_start"]
    assert pieces == TEXT


@pytest.mark.parametrize(("start", "end", "text"), [(9, 18, "two moons"), (9, 3, ""), (10**9, None, "")])
async def test_a_span_is_read_as_far_as_it_is_there(shelf: Shelf, start: int, end: int | None, text: str) -> None:
    page = await called(shelf, "read", {"document_id": "mars", "start": start, "end": end})
    assert page.structured_content["text"] == text


async def test_an_error_is_for_the_assistant_to_read(shelf: Shelf) -> None:
    failed = await called(shelf, "read", {"document_id": "none"})
    assert failed.is_error
    assert failed.content[0].text.endswith("There is no such document.")


@pytest.mark.parametrize("arguments", [{}, {"query": ""}, {"query": "x", "top_k": 1000}, {"query": "x", "mode": "y"}])
async def test_wrong_arguments_are_told_so(shelf: Shelf, arguments: dict[str, object]) -> None:
    assert (await called(shelf, "search", arguments)).is_error


async def test_a_version_beyond_counting_is_a_wrong_argument(shelf: Shelf) -> None:
    failed = await called(shelf, "read", {"document_id": "mars", "version": 2**63})
    assert "less than or equal" in failed.content[0].text


@asynccontextmanager
async def over_http(shelf: Shelf, *keys: str, authorization: str | None = None) -> AsyncIterator[Client]:
    parsed = parse_api_keys(keys)
    authenticator = KeyAuthenticator(parsed, Sessions(parsed)) if keys else LocalAuthenticator()
    rules = HttpRules(authenticator=authenticator, is_local=not keys, bound_host="127.0.0.1", public=())
    headers = {"Authorization": authorization} if authorization else {}
    async with (
        live(http_app(build_server(shelf.library), rules)) as url,
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
    ):
        yield client


async def test_over_http_the_holder_of_the_key_asks(shelf: Shelf) -> None:
    async with over_http(shelf, "ann:secret", authorization="Bearer secret") as client:
        found = await client.call_tool("search", {"query": "moons"})
    assert found.structured_content["passages"]
    assert [asker.subject for asker, _ in shelf.asked] == ["ann"]


async def test_without_a_key_set_the_local_person_asks(shelf: Shelf) -> None:
    async with over_http(shelf) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == {"search", "ask", "read"}
        await client.call_tool("ask", {"question": "How many moons?"})
    assert [asker for asker, _ in shelf.asked] == [LOCAL]


@pytest.mark.parametrize(
    ("keys", "headers", "status"),
    [
        (("ann:secret",), {}, 401),
        (("ann:secret",), {"Authorization": "Bearer wrong"}, 401),
        ((), {"Origin": "https://evil.example"}, 403),
        ((), {"Host": "evil.example"}, 403),
        ((), {"X-Forwarded-For": "10.0.0.1"}, 403),
    ],
)
async def test_strangers_are_refused(shelf: Shelf, keys: tuple[str, ...], headers: dict[str, str], status: int) -> None:
    parsed = parse_api_keys(keys)
    authenticator = KeyAuthenticator(parsed, Sessions(parsed)) if keys else LocalAuthenticator()
    rules = HttpRules(authenticator=authenticator, is_local=not keys, bound_host="127.0.0.1", public=())
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search", "arguments": {"query": "x"}},
    }
    async with live(http_app(build_server(shelf.library), rules)) as url, httpx2.AsyncClient() as http:
        response = await http.post(f"{url}/mcp", json=body, headers=headers)
    assert response.status_code == status
    assert shelf.asked == []
