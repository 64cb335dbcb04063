"""Searches the chunk index."""

from collections.abc import Awaitable, Callable

import msgspec
from opentelemetry import trace

from footnote.modules.retrieval.caching import ResultCache, key_of
from footnote.modules.retrieval.errors import EmptyQuery, InvalidTopK, QueryTooLong
from footnote.modules.retrieval.finding import Finder, Ranking
from footnote.modules.retrieval.models import Passage, SearchQuery, SearchResults
from footnote.modules.retrieval.planning import Planner, forget_titles
from footnote.modules.retrieval.repository import IndexRepository
from footnote.modules.retrieval.stages import Stages
from footnote.platform.context import current_trace_id
from footnote.platform.inference import Embedder
from footnote.platform.inference.paying import paid_by
from footnote.platform.principal import Principal
from footnote.platform.telemetry import content_attributes
from footnote.platform.telemetry.metrics import searched

tracer = trace.get_tracer(__name__)

MAX_QUERY = 10_000  # characters
MAX_TOP_K = 1000


class RetrievalService:
    """The slice's `Retriever`."""

    def __init__(
        self,
        index: IndexRepository,
        embedder: Embedder,
        *,
        ranking: Ranking | None = None,
        planner: Planner | None = None,
        current: Callable[[], Awaitable[Embedder]] | None = None,
    ) -> None:
        """`current` gives the embedder of questions, for the model may change while this runs; else `embedder` does."""
        self._index = index
        self._embedder = embedder
        self._current = current or self._only
        self._finder = Finder(index, ranking or Ranking(), planner or Planner())
        self._cache = ResultCache()

    def check(self, query: SearchQuery) -> None:
        _check(query)
        self._finder.check(query)

    @tracer.start_as_current_span("retrieval.search")
    async def search(self, principal: Principal, query: SearchQuery) -> SearchResults:
        _check(query)
        text = query.text.encode(errors="replace").decode()  # a command line may bring lone surrogates
        stages = Stages()
        with stages.stage("total"), paid_by(principal):
            results = await self._remembered(principal, msgspec.structs.replace(query, text=text), stages)
        span = trace.get_current_span()
        span.set_attribute("footnote.passage_count", len(results.results))
        content_attributes(span, query=text, passages="\n\n".join(passage.text for passage in results.results))
        searched(query.mode, stages.timings_ms["total"] / 1000)
        return msgspec.structs.replace(
            results,
            trace_id=current_trace_id() or "",
            timings_ms=stages.timings_ms,
            explanation=results.explanation if query.explain else None,
        )

    @tracer.start_as_current_span("retrieval.passages")
    async def passages(self, principal: Principal, document_id: str) -> tuple[Passage, ...]:
        return await self._index.passages(principal, document_id)

    async def _remembered(self, principal: Principal, query: SearchQuery, stages: Stages) -> SearchResults:
        """What was found before, if nothing has changed since."""
        embedder = await self._current()
        key = key_of(principal, query, embedder.name)
        if key in self._cache:
            known = self._cache.get(key, await self._index.generation())
            if known is not None:
                return known
        results = await self._finder.find(principal, query, embedder, stages)
        self._cache.see(stages.generation)
        if stages.generation is not None and not results.notes:  # with notes, it may go better the next time
            self._cache.put(key, stages.generation, results)
        return results

    def forget(self) -> None:
        """Nothing that was found stays in memory beside the index."""
        self._cache.forget()
        forget_titles()

    async def _only(self) -> Embedder:
        return self._embedder


def _check(query: SearchQuery) -> None:
    if len(query.text) > MAX_QUERY:
        raise QueryTooLong(len(query.text), MAX_QUERY)
    if not any(each.isprintable() and not each.isspace() for each in query.text):
        raise EmptyQuery
    if not 1 <= query.top_k <= MAX_TOP_K:
        raise InvalidTopK(query.top_k, MAX_TOP_K)
