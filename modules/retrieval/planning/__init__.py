"""Query planning: what is asked of the index for one question."""

from footnote.modules.retrieval.models import Note
from footnote.modules.retrieval.planning.fusing import fused
from footnote.modules.retrieval.planning.plan import Plan, PlannedQuery, QueryKind
from footnote.modules.retrieval.planning.planner import Planner, Planning
from footnote.modules.retrieval.planning.scope import forget_titles

__all__ = ["Note", "Plan", "PlannedQuery", "Planner", "Planning", "QueryKind", "forget_titles", "fused"]
