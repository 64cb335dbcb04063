"""How searches are planned and ranked, as the settings say."""

from datetime import timedelta

import msgspec

from footnote.config.metadata import field_types
from footnote.config.settings import Settings
from footnote.modules.retrieval.finding import Ranking
from footnote.modules.retrieval.planning import Planner, Planning
from footnote.modules.retrieval.ranking.reranking import Reranking
from footnote.platform.inference import Reranker, TextModel


def build_ranking(settings: Settings, reranker: Reranker | None = None) -> Ranking:
    deadline = timedelta(seconds=settings.rerank_deadline_seconds)
    return Ranking(
        fusion=settings.fusion,
        dense_weight=settings.fusion_dense_weight,
        unknown_language_weight=settings.fusion_unknown_language_weight,
        token_similarity=settings.token_similarity,
        smoothing=settings.smoothing,
        vector_feedback=settings.vector_feedback,
        document_evidence=settings.document_evidence,
        depth=settings.candidates,
        metadata_fields=field_types(settings),
        reranking=Reranking(model=reranker, deadline=deadline) if reranker else None,
    )


def build_planner(settings: Settings, writer: TextModel | None = None) -> Planner:
    stages = {name: name in settings.query_planning for name in Planning.__struct_fields__ if name != "deadline"}
    planning = msgspec.convert(stages, Planning)
    return Planner(planning=planning, metadata_fields=field_types(settings), model=writer)
