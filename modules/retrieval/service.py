"""Searches the chunk index."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from opentelemetry import trace

from footnote.modules.retrieval.errors import InvalidTopK, QueryTooLong
from footnote.modules.retrieval.filters import FieldType, parse_filter
from footnote.modules.retrieval.fusion import convex, hybrid, reciprocal_ranks, single
from footnote.modules.retrieval.models import Explanation, Mode, Passage, SearchQuery, SearchResults
from footnote.modules.retrieval.repository import IndexRepository, Probe, Rank
from footnote.modules.retrieval.stages import Stages
from footnote.platform.context import current_trace_id
from footnote.platform.inference import Embedder, Embeddings
from footnote.platform.principal import Principal
from footnote.platform.telemetry import content_attributes
from footnote.platform.telemetry.metrics import searched

tracer = trace.get_tracer(__name__)

Fusion = Literal["convex", "rrf"]

MAX_QUERY = 10_000  # characters
MAX_TOP_K = 1000


class RetrievalService:
    def __init__(
        self,
        index: IndexRepository,
        embedder: Embedder,
        *,
        fusion: Fusion = "convex",
        dense_weight: float = 0.5,  # of the convex sum, in [0, 1]
        depth: int = 1000,  # length of the dense and of the lexical list
        metadata_fields: Mapping[str, FieldType] | None = None,  # that may be filtered by
        current: Callable[[], Awaitable[Embedder]] | None = None,
    ) -> None:
        """`current` gives the embedder of questions, for the model may change while this runs; else `embedder` does."""
        self._index = index
        self._embedder = embedder
        self._current = current or self._only
        self._fusion = fusion
        self._dense_weight = dense_weight if fusion == "convex" else None
        self._fuse = convex(dense_weight) if fusion == "convex" else reciprocal_ranks
        self._depth = depth
        self._metadata_fields = metadata_fields or {}

    @tracer.start_as_current_span("retrieval.search")
    async def search(self, principal: Principal, query: SearchQuery) -> SearchResults:
        _check(query)
        text = query.text.encode(errors="replace").decode()  # a command line may bring lone surrogates
        stages = Stages()
        embedder = await self._current()
        with stages.stage("total"):
            probe = Probe(
                filter=parse_filter(query.filters, self._metadata_fields) if query.filters else None,
                embedding=None if query.mode == "lexical" else await _embedded(embedder, text, stages),
                text=None if query.mode == "dense" else text,
                depth=max(self._depth, query.top_k),
                space=embedder.name,
            )
            found = await self._index.search(principal, probe, self._rank(query.mode, query.top_k), stages)
        span = trace.get_current_span()
        span.set_attribute("footnote.passage_count", len(found))
        content_attributes(span, query=text, passages="\n\n".join(passage.text for passage in found))
        searched(query.mode, stages.timings_ms["total"] / 1000)
        return SearchResults(
            results=found,
            trace_id=current_trace_id() or "",
            timings_ms=stages.timings_ms,
            explanation=self._explanation(stages, embedder) if query.explain else None,
        )

    @tracer.start_as_current_span("retrieval.passages")
    async def passages(self, principal: Principal, document_id: str) -> tuple[Passage, ...]:
        return await self._index.passages(principal, document_id)

    async def _only(self) -> Embedder:
        return self._embedder

    def _explanation(self, stages: Stages, embedder: Embedder) -> Explanation:
        return Explanation(
            fusion=self._fusion,
            dense_weight=self._dense_weight,
            embedding=embedder.name,
            found=stages.found,
        )

    def _rank(self, mode: Mode, top_k: int) -> Rank:
        return hybrid(self._fuse, top_k) if mode == "hybrid" else single(top_k)


async def _embedded(embedder: Embedder, text: str, stages: Stages) -> Embeddings:
    with stages.stage("embed_query"):
        embeddings = await embedder.embed([text], kind="query")
    embedding: Embeddings = embeddings[0]
    return embedding


def _check(query: SearchQuery) -> None:
    if len(query.text) > MAX_QUERY:
        raise QueryTooLong(len(query.text), MAX_QUERY)
    if not 1 <= query.top_k <= MAX_TOP_K:
        raise InvalidTopK(query.top_k, MAX_TOP_K)
