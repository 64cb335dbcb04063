"""One search from question to passages: plan, find, perhaps find once more, look closer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import msgspec
from loguru import logger

from footnote.modules.retrieval.filters import FieldType, parse_filter
from footnote.modules.retrieval.fusion import Fuse, convex, hybrid, reciprocal_ranks, single, standardised
from footnote.modules.retrieval.models import Explanation, Passage, SearchQuery, SearchResults
from footnote.modules.retrieval.planning import Plan, PlannedQuery, Planner, fused
from footnote.modules.retrieval.planning.exactness import holding
from footnote.modules.retrieval.questions import Question, QuestionEmbeddings
from footnote.modules.retrieval.ranking.candidates import Step
from footnote.modules.retrieval.ranking.evidence import DocumentEvidence
from footnote.modules.retrieval.ranking.feedback import VectorFeedback
from footnote.modules.retrieval.ranking.interaction import LateInteraction
from footnote.modules.retrieval.ranking.reranking import Reranking
from footnote.modules.retrieval.ranking.smoothing import Smoothing
from footnote.modules.retrieval.ranking.weighing import is_known_language
from footnote.modules.retrieval.repository import IndexRepository, Probe, Rank
from footnote.modules.retrieval.stages import Stages
from footnote.platform.errors import Unavailable
from footnote.platform.inference import Embedder, Embeddings
from footnote.platform.principal import Principal
from footnote.platform.together import together

Fusion = Literal["standardised", "convex", "rrf"]


class Wanted(NamedTuple):
    """How many passages each query of a plan is to bring."""

    passages: int
    of_long: int  # where they are parts of long documents; as many as `passages` or more


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """How lists are made and fused."""

    fusion: Fusion = "standardised"
    dense_weight: float = 0.55  # of a sum of scores, in [0, 1]
    unknown_language_weight: float = 0.25  # the same, where the embedder was not made for the question's language
    token_similarity: float = 0.6  # weight of late interaction, where the embedder gives embeddings of tokens
    smoothing: float = 0.35  # weight of a chunk's neighbours, in [0, 1], where the embedder knows the language
    vector_feedback: float = 0.2  # weight of how like a chunk is to the first ones, where it knows the language
    document_evidence: float = 0.6  # weight of a document's further chunks
    depth: int = 200  # length of the dense and of the lexical list
    reranking: Reranking | None = None
    metadata_fields: Mapping[str, FieldType] = field(default_factory=dict)  # that may be filtered by

    def rank(self, planned: PlannedQuery, embedder: Embedder, tokens: Embeddings | None, wanted: Wanted) -> Rank:
        if planned.mode != "hybrid":
            return single(wanted.passages, of_long=wanted.of_long)
        is_known = is_known_language(planned.text, embedder)
        steps = self._steps(is_known, tokens)
        return hybrid(self._fuse(is_known), wanted.passages, steps, of_long=wanted.of_long)

    def weight_of(self, text: str, embedder: Embedder) -> float | None:
        """That of the dense score for a question; None where ranks are fused."""
        return None if self.fusion == "rrf" else self._weight(is_known_language(text, embedder))

    def _weight(self, is_known: bool) -> float:
        return self.dense_weight if is_known else self.unknown_language_weight

    def _fuse(self, is_known: bool) -> Fuse:
        if self.fusion == "rrf":
            return reciprocal_ranks
        weight = self._weight(is_known)
        return standardised(weight) if self.fusion == "standardised" else convex(weight)

    def _steps(self, is_known: bool, tokens: Embeddings | None) -> list[Step]:
        steps: list[Step] = []
        if self.token_similarity and tokens is not None:
            steps.append(LateInteraction(question=tokens, weight=self.token_similarity))
        if self.smoothing and is_known:
            steps.append(Smoothing(weight=self.smoothing))
        if self.vector_feedback and is_known:
            steps.append(VectorFeedback(weight=self.vector_feedback))
        if self.document_evidence:
            steps.append(DocumentEvidence(weight=self.document_evidence))
        return steps


class Finder:
    def __init__(self, index: IndexRepository, ranking: Ranking, planner: Planner) -> None:
        self._index = index
        self._ranking = ranking
        self._planner = planner
        self._questions = QuestionEmbeddings()

    def check(self, query: SearchQuery) -> None:
        """
        Raises:
            InvalidFilter: The filters are not of the filter language, or name an undeclared key.
        """
        if query.filters:
            parse_filter(query.filters, self._ranking.metadata_fields)

    async def find(self, principal: Principal, query: SearchQuery, embedder: Embedder, stages: Stages) -> SearchResults:
        """
        Raises:
            InvalidFilter: The filters are not of the filter language, or name an undeclared key.
        """
        reranking = self._ranking.reranking if query.rerank is not False else None
        top_k = max(query.top_k, reranking.candidates) if reranking else query.top_k
        plan = await self._planner.plan(query)
        top_k = max(top_k, plan.wanted)
        wanted = Wanted(top_k, max(top_k, plan.wanted_of_long))
        lists = await self._lists(principal, query, plan, embedder, wanted, stages)
        plan = _noted(plan, lists)
        passages = fused(plan.queries, lists, wanted.of_long)
        more = await self._planner.corrective(query, passages, stages.corrected)
        if more:
            lists += await self._lists(principal, query, more, embedder, wanted, stages)
            plan = _joined(plan, more)
            passages = fused(plan.queries, lists, wanted.of_long, plan.preferred)
        for words in plan.missed:
            stages.note(words)
        if reranking:
            with stages.stage("rerank"):
                passages, problem = await reranking.order(query.text, passages)
            if problem:
                stages.note(problem)
                reranking = None
        return SearchResults(
            results=tuple(passages[: query.top_k]),
            trace_id="",
            timings_ms={},
            notes=tuple(stages.notes),
            subjects=plan.subjects,
            explanation=self._explanation(plan, embedder, stages, reranking),
        )

    async def _lists(
        self, principal: Principal, query: SearchQuery, plan: Plan, embedder: Embedder, wanted: Wanted, stages: Stages
    ) -> list[Sequence[Passage]]:
        """What each query of the plan finds."""
        asked = [self._one(principal, query, each, embedder, wanted, stages) for each in plan.queries]
        if len(asked) == 1:
            return [await asked[0]]
        return await together(asked)

    async def _one(
        self,
        principal: Principal,
        query: SearchQuery,
        planned: PlannedQuery,
        embedder: Embedder,
        wanted: Wanted,
        stages: Stages,
    ) -> Sequence[Passage]:
        filters = _both(query.filters, planned.filters)
        question = None if planned.mode == "lexical" else await self._embedded(embedder, planned, stages)
        probe = Probe(
            filter=parse_filter(filters, self._ranking.metadata_fields) if filters else None,
            embedding=question.embedding if question else None,
            text=None if planned.mode == "dense" else planned.text,
            depth=max(self._ranking.depth, wanted.of_long),
            wanted=wanted.of_long,
            space=embedder.name,
        )
        rank = self._ranking.rank(planned, embedder, question.tokens if question else None, wanted)
        its_stages = stages if planned.kind == "original" else stages.aside()
        found = await self._index.search(principal, probe, rank, its_stages)
        return holding(found, planned.codes) if planned.codes else found

    async def _embedded(self, embedder: Embedder, planned: PlannedQuery, stages: Stages) -> Question | None:
        """None if the embedder cannot be reached, and words can be searched all the same."""
        try:
            with stages.stage("embed_query"):
                if planned.kind != "hypothetical":
                    return await self._questions.of(embedder, planned.text)
                return Question((await embedder.embed([planned.text], kind="document"))[0])
        except Unavailable as error:
            if planned.mode == "dense":
                raise
            logger.bind(model=embedder.name, error=error.detail).warning("A question was searched by its words alone")
            stages.note(f"Found by words alone: {embedder.name} is unavailable")
            return None

    def _explanation(self, plan: Plan, embedder: Embedder, stages: Stages, reranking: Reranking | None) -> Explanation:
        return Explanation(
            fusion=self._ranking.fusion,
            dense_weight=self._ranking.weight_of(plan.queries[0].text, embedder),
            embedding=embedder.name,
            found=stages.found,
            reranker=reranking.model.name if reranking else None,
            queries=tuple(each.text for each in plan.queries),
            planning=plan.notes,
            corrected=stages.corrected,
        )


def _noted(plan: Plan, lists: Sequence[Sequence[Passage]]) -> Plan:
    """With what is to be said of queries that found anything."""
    said = [each.note for each, found in zip(plan.queries, lists, strict=True) if each.note and found]
    return msgspec.structs.replace(plan, notes=(*said, *plan.notes))


def _joined(plan: Plan, more: Plan) -> Plan:
    return msgspec.structs.replace(
        plan,
        queries=(*plan.queries, *more.queries),
        notes=(*plan.notes, *more.notes),
        missed=(*plan.missed, *more.missed),
        preferred=more.preferred,
        round=more.round,
    )


def _both(asked: dict[str, object] | None, understood: dict[str, object] | None) -> dict[str, object] | None:
    return {"and": [asked, understood]} if asked and understood else asked or understood
