"""HTTP of retrieval."""

from typing import Any

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from footnote.modules.retrieval.errors import NoPassages
from footnote.modules.retrieval.models import Mode, Passage, SearchQuery, SearchResults
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.principal import Principal


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    query: str
    mode: Mode = "hybrid"
    top_k: int = 10
    filters: dict[str, Any] | None = None
    rerank: bool | None = None
    explain: bool = False


class DocumentPassages(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[Passage, ...]
    next_cursor: None = None


@post("/search", status_code=200)
async def search_passages(
    data: JSONBody[SearchRequest],
    principal: NamedDependency[Principal],
    retrieval: NamedDependency[RetrievalService],
) -> SearchResults:
    """The best passages of the documents that you may read, with the score and the rank that each stage gave them."""
    query = SearchQuery(
        text=data.query,
        mode=data.mode,
        top_k=data.top_k,
        filters=data.filters,
        rerank=data.rerank,
        explain=data.explain,
    )
    return await retrieval.search(principal, query)


@get("/documents/{document_id:str}/passages")
async def list_passages(
    document_id: FromPath[str], principal: NamedDependency[Principal], retrieval: NamedDependency[RetrievalService]
) -> DocumentPassages:
    """The chunks of one document in reading order."""
    passages = await retrieval.passages(principal, document_id)
    if not passages:
        raise NoPassages(document_id)
    return DocumentPassages(items=passages)


router = Router("/api/v1", route_handlers=[search_passages, list_passages], tags=["retrieval"])
