"""One search from question to passages: plan, find, perhaps find once more, look closer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from footnote.modules.retrieval.filters import FieldType, parse_filter
from footnote.modules.retrieval.fusion import convex, hybrid, reciprocal_ranks, single
from footnote.modules.retrieval.models import Explanation, Mode, Passage, SearchQuery, SearchResults
from footnote.modules.retrieval.planning import Plan, PlannedQuery, Planner, fused
from footnote.modules.retrieval.questions import QuestionEmbeddings
from footnote.modules.retrieval.ranking.reranking import Reranking
from footnote.modules.retrieval.repository import IndexRepository, Probe, Rank
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embedder, Embeddings
from footnote.platform.principal import Principal

Fusion = Literal["convex", "rrf"]


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """How lists are made and fused."""

    fusion: Fusion = "convex"
    dense_weight: float = 0.5  # of the convex sum, in [0, 1]
    depth: int = 1000  # length of the dense and of the lexical list
    reranking: Reranking | None = None
    metadata_fields: Mapping[str, FieldType] = field(default_factory=dict)  # that may be filtered by

    def rank(self, mode: Mode, top_k: int) -> Rank:
        fuse = convex(self.dense_weight) if self.fusion == "convex" else reciprocal_ranks
        return hybrid(fuse, top_k) if mode == "hybrid" else single(top_k)


class Finder:
    def __init__(self, index: IndexRepository, ranking: Ranking, planner: Planner) -> None:
        self._index = index
        self._ranking = ranking
        self._planner = planner
        self._questions = QuestionEmbeddings()

    async def find(self, principal: Principal, query: SearchQuery, embedder: Embedder, stages: Stages) -> SearchResults:
        """
        Raises:
            InvalidFilter: The filters are not of the filter language, or name an undeclared key.
        """
        reranking = self._ranking.reranking if query.rerank is not False else None
        top_k = max(query.top_k, reranking.candidates) if reranking else query.top_k
        plan = await self._planner.plan(principal, query)
        top_k = max(top_k, plan.wanted)
        lists = await self._lists(principal, query, plan, embedder, top_k, stages)
        passages = fused(plan.queries, lists, top_k)
        more = await self._planner.corrective(principal, query, plan, passages)
        if more:
            lists += await self._lists(principal, query, more, embedder, top_k, stages)
            plan = _joined(plan, more)
            passages = fused(plan.queries, lists, top_k)
        note = None
        if reranking:
            with stages.stage("rerank"):
                passages, note = await reranking.order(query.text, passages)
        return SearchResults(
            results=tuple(passages[: query.top_k]),
            trace_id="",
            timings_ms={},
            notes=(note,) if note else (),
            subjects=plan.subjects,
            explanation=self._explanation(plan, embedder, stages, None if note else reranking),
        )

    async def _lists(
        self, principal: Principal, query: SearchQuery, plan: Plan, embedder: Embedder, top_k: int, stages: Stages
    ) -> list[Sequence[Passage]]:
        """What each query of the plan finds."""
        asked = [self._one(principal, query, each, embedder, top_k, stages) for each in plan.queries]
        if len(asked) == 1:
            return [await asked[0]]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in asked]
        return [task.result() for task in tasks]

    async def _one(
        self,
        principal: Principal,
        query: SearchQuery,
        planned: PlannedQuery,
        embedder: Embedder,
        top_k: int,
        stages: Stages,
    ) -> Sequence[Passage]:
        filters = _both(query.filters, planned.filters)
        probe = Probe(
            filter=parse_filter(filters, self._ranking.metadata_fields) if filters else None,
            embedding=None if planned.mode == "lexical" else await self._embedded(embedder, planned, stages),
            text=None if planned.mode == "dense" else planned.text,
            depth=max(self._ranking.depth, top_k),
            space=embedder.name,
        )
        return await self._index.search(principal, probe, self._ranking.rank(planned.mode, top_k), stages)

    async def _embedded(self, embedder: Embedder, planned: PlannedQuery, stages: Stages) -> Embeddings:
        with stages.stage("embed_query"):
            if planned.kind != "hypothetical":
                return await self._questions.of(embedder, planned.text)
            embedding: Embeddings = (await embedder.embed([planned.text], kind="document"))[0]
            return embedding

    def _explanation(self, plan: Plan, embedder: Embedder, stages: Stages, reranking: Reranking | None) -> Explanation:
        is_convex = self._ranking.fusion == "convex"
        return Explanation(
            fusion=self._ranking.fusion,
            dense_weight=self._ranking.dense_weight if is_convex else None,
            embedding=embedder.name,
            found=stages.found,
            reranker=reranking.model.name if reranking else None,
            queries=tuple(each.text for each in plan.queries),
            planning=plan.notes,
        )


def _joined(plan: Plan, more: Plan) -> Plan:
    queries, notes = (*plan.queries, *more.queries), (*plan.notes, *more.notes)
    return msgspec.structs.replace(plan, queries=queries, notes=notes, round=more.round)


def _both(asked: dict[str, object] | None, understood: dict[str, object] | None) -> dict[str, object] | None:
    return {"and": [asked, understood]} if asked and understood else asked or understood
