"""Turns a question into what is asked of the index."""

from collections.abc import Sequence

import msgspec

from footnote.modules.retrieval.models import Passage, SearchQuery
from footnote.modules.retrieval.planning.plan import Plan, PlannedQuery
from footnote.platform.inference import TextModel
from footnote.platform.principal import Principal


class Planning(msgspec.Struct, frozen=True, kw_only=True):
    """Which stages run. Those that need a text model do nothing without one."""

    deadline: float = 2.0  # seconds that a text model may take; then the plan goes without it


class Planner:
    def __init__(self, *, planning: Planning | None = None, model: TextModel | None = None) -> None:
        self._planning = planning or Planning()
        self._model = model

    async def plan(self, principal: Principal, query: SearchQuery) -> Plan:
        """Before the first search."""
        return Plan(queries=(PlannedQuery(text=query.text, mode=query.mode),))

    async def corrective(
        self, principal: Principal, query: SearchQuery, plan: Plan, found: Sequence[Passage]
    ) -> Plan | None:
        """What to ask in a second round, in addition to the first; None if the first found enough or nothing helps."""
        return None
