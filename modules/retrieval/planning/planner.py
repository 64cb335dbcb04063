"""Turns a question into what is asked of the index, and looks whether that was enough."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from footnote.modules.retrieval.errors import InvalidFilter
from footnote.modules.retrieval.filters import FieldType, parse_filter
from footnote.modules.retrieval.lexical.phrases import phrases
from footnote.modules.retrieval.lexical.spelling import mended
from footnote.modules.retrieval.models import Note, Passage, SearchQuery
from footnote.modules.retrieval.planning import acronyms, comparison
from footnote.modules.retrieval.planning.exactness import asked_alone, codes
from footnote.modules.retrieval.planning.feedback import widened
from footnote.modules.retrieval.planning.plan import Plan, PlannedQuery, QueryKind
from footnote.modules.retrieval.planning.scope import listed, scope, speaks_of_editions
from footnote.modules.retrieval.planning.subjects import about, names
from footnote.modules.retrieval.planning.sufficiency import is_too_little
from footnote.modules.retrieval.planning.understanding import told, understood
from footnote.modules.retrieval.planning.wordings import Written, worded
from footnote.platform.inference import TextModel

CODE_WEIGHT = 1.0
SCOPE_WEIGHT = 0.5
FILTER_WEIGHT = 0.25  # a word that happens to be a value must not outweigh the passage itself
PART_WEIGHT = 0.5
EXPANSION_WEIGHT = 0.25
LOOKED_AT = 100  # passages, for their titles, or to be fused with those of other queries
DEFINING = 20  # passages, for the short forms that they define
MOST_FILTERS = 3


class Planning(msgspec.Struct, frozen=True, kw_only=True):
    """Which stages run; README.md says what each is worth. The last four do nothing without a text model."""

    editions: bool = True  # the period or `latest` of the question in the titles of a series
    subjects: bool = True  # long documents that speak of what the question names
    codes: bool = True  # what has the code that the question is for
    filters: bool = True  # the kind of file and declared metadata that the question names
    acronyms: bool = False
    feedback: bool = False  # with words of the best passages
    comparisons: bool = False  # each subject asked for by itself
    corrective: bool = True  # once more, in other words, where too little was found
    wordings: bool = False
    parts: bool = False
    step_back: bool = False
    hypothetical: bool = False
    deadline: float = 3.0  # seconds that a text model may take

    @property
    def by_model(self) -> tuple[QueryKind, ...]:
        chosen: dict[QueryKind, bool] = {
            "wording": self.wordings,
            "part": self.parts,
            "step_back": self.step_back,
            "hypothetical": self.hypothetical,
        }
        return tuple(kind for kind, is_on in chosen.items() if is_on)


class Planner:
    def __init__(
        self,
        *,
        planning: Planning | None = None,
        model: TextModel | None = None,
        metadata_fields: Mapping[str, FieldType] | None = None,
    ) -> None:
        self._planning = planning or Planning()
        self._model = model
        self._fields = metadata_fields or {}

    async def plan(self, query: SearchQuery) -> Plan:
        """Before the first search."""
        queries, notes = [PlannedQuery(text=query.text, mode=query.mode)], list[Note]()
        written = await self._worded(query)
        for extra, said in ((self._exact(query), []), (self._filtered(query), []), self._compared(query), written[:2]):
            queries += extra
            notes += said
        return Plan(
            queries=tuple(queries),
            wanted=LOOKED_AT if len(queries) > 1 or self._looks_at_many(query.text) else 0,
            wanted_of_long=LOOKED_AT if self._planning.subjects and names(query.text) else 0,
            subjects=comparison.compared(query.text),
            notes=tuple(notes),
            missed=tuple(written.missed),
        )

    async def corrective(
        self, query: SearchQuery, found: Sequence[Passage], corrected: Mapping[str, Sequence[str]] | None = None
    ) -> Plan | None:
        """What to ask in a second and last round, in addition to the first; None if nothing is to be gained.

        `corrected` are the words that nothing has, with those that were searched by words instead, the best first.
        """
        preferred, notes = self._preferred(query, found)
        queries, said = self._in_scope(query, found, preferred)
        notes += said
        for extra, said in (self._expanded(query, found), self._fed_back(query, found)):
            queries, notes = [*queries, *extra], [*notes, *said]
        missed: list[str] = []
        if self._planning.corrective and not queries and is_too_little(query.text, found):
            queries, said, missed = await self._corrected(query, mended(query.text, corrected or {}))
            notes += said
        if not queries and not notes:
            return None
        return Plan(queries=tuple(queries), preferred=preferred, notes=tuple(notes), missed=tuple(missed), round=2)

    def _exact(self, query: SearchQuery) -> list[PlannedQuery]:
        """Asked also for its codes alone: what has another one may look as good, by meaning."""
        asked = codes(query.text) if self._planning.codes and query.mode == "hybrid" else ()
        if not asked:
            return []
        note = Note(stage="codes", text=f"preferred where {', '.join(asked)} stands")
        text = asked_alone(query.text, asked)
        return [PlannedQuery(text=text, kind="exact", weight=CODE_WEIGHT, mode=query.mode, codes=asked, note=note)]

    def _filtered(self, query: SearchQuery) -> list[PlannedQuery]:
        """Asked also with each filter alone: what none passes changes nothing."""
        if not self._planning.filters:
            return []
        found = [each for each in understood(query.text, self._fields) if self._fits(query, each[1])][:MOST_FILTERS]
        return [
            PlannedQuery(
                text=query.text,
                kind="filtered",
                weight=FILTER_WEIGHT,
                mode=query.mode,
                filters=filters,
                note=Note(stage="filters", text=f"preferred where {told(filters)}"),
            )
            for _, filters in found
        ]

    def _fits(self, query: SearchQuery, filters: dict[str, Any]) -> bool:
        """Whether the language has room for these and the filters of the question."""
        try:
            parse_filter({"and": [query.filters, filters]} if query.filters else filters, self._fields)
        except InvalidFilter:
            return False
        return True

    def _speaks_of_editions(self, question: str) -> bool:
        return self._planning.editions and speaks_of_editions(question)

    def _compared(self, query: SearchQuery) -> tuple[list[PlannedQuery], list[Note]]:
        parts = comparison.parts(query.text) if self._planning.comparisons else ()
        queries = [
            PlannedQuery(text=_held_to(query.text, part), kind="part", weight=PART_WEIGHT, mode=query.mode)
            for part in parts
        ]
        return queries, [Note(stage="comparison", text="; ".join(parts))] if parts else []

    async def _worded(self, query: SearchQuery) -> Written:
        kinds = self._planning.by_model
        if not kinds or not query.text.strip():
            return Written([], [], [])
        if self._model is None:
            return Written([], [Note(stage=kind, text="left out: no text model is configured") for kind in kinds], [])
        written = await worded(self._model, query.text, kinds, self._planning.deadline)
        return written._replace(queries=_fitting(query, written.queries))

    def _looks_at_many(self, question: str) -> bool:
        return self._planning.feedback or self._speaks_of_editions(question)

    def _preferred(self, query: SearchQuery, found: Sequence[Passage]) -> tuple[frozenset[str], list[Note]]:
        documents = about(query.text, found[:LOOKED_AT]) if self._planning.subjects else frozenset()
        titles = sorted({passage.title for passage in found if passage.document_id in documents})
        return documents, [
            Note(stage="subjects", text=f"preferred, by the names in it: {listed(titles)}")
        ] if titles else []

    def _in_scope(
        self, query: SearchQuery, found: Sequence[Passage], preferred: frozenset[str]
    ) -> tuple[list[PlannedQuery], list[Note]]:
        """Asked once more of the period or edition that it names, if it can be of those about its subject."""
        if not self._speaks_of_editions(query.text):
            return [], []
        meant = scope(query.text, found)
        document_ids = meant.document_ids & preferred or meant.document_ids if meant else preferred
        filters = {"document_id": {"in": sorted(document_ids)}}
        if meant is None or not self._fits(query, filters):
            return [], []
        scoped = PlannedQuery(text=query.text, kind="scoped", weight=SCOPE_WEIGHT, mode=query.mode, filters=filters)
        return [scoped], [Note(stage="editions", text=f"preferred, {meant.reason}")]

    def _expanded(self, query: SearchQuery, found: Sequence[Passage]) -> tuple[list[PlannedQuery], list[Note]]:
        if not self._planning.acronyms:
            return [], []
        text = acronyms.expanded(query.text, acronyms.definitions(passage.text for passage in found[:DEFINING]))
        if text is None:
            return [], []
        expanded = PlannedQuery(text=text, kind="expanded", weight=EXPANSION_WEIGHT, mode=query.mode)
        return [expanded], [Note(stage="acronyms", text=text)]

    def _fed_back(self, query: SearchQuery, found: Sequence[Passage]) -> tuple[list[PlannedQuery], list[Note]]:
        text = widened(query.text, found[:LOOKED_AT]) if self._planning.feedback else None
        if text is None:
            return [], []
        expanded = PlannedQuery(text=text, kind="expanded", weight=EXPANSION_WEIGHT, mode=query.mode)
        return [expanded], [Note(stage="feedback", text=text)]

    async def _corrected(self, query: SearchQuery, spelled: str) -> Written:
        """Spelling first, since it costs nothing; else what a model makes of it.

        A search by words alone has asked for the right ones already.
        """
        if spelled != query.text and query.mode != "lexical":
            corrected = PlannedQuery(text=spelled, kind="corrected", mode=query.mode)
            return Written([corrected], [Note(stage="corrective", text=f"too little found; asked also: {spelled}")], [])
        if self._model is None or not query.text.strip():
            return Written([], [], [])
        written = await worded(self._model, query.text, ["corrected"], self._planning.deadline)
        return written._replace(queries=_fitting(query, written.queries[:1]))


def _fitting(query: SearchQuery, written: Sequence[PlannedQuery]) -> list[PlannedQuery]:
    """Those that find only what the question itself may find: in its mode, and with what it has in quotes."""
    worded = [
        msgspec.structs.replace(each, mode=query.mode, text=_held_to(query.text, each.text))
        for each in written
        if each.kind != "hypothetical"
    ]
    is_by_meaning = query.mode == "dense" or (query.mode == "hybrid" and not phrases(query.text))
    return worded + [each for each in written if each.kind == "hypothetical" and is_by_meaning]


def _held_to(question: str, text: str) -> str:
    """`text` with the phrases in quotes that the question has and it has not."""
    missing = [phrase for phrase in phrases(question) if phrase not in phrases(text)]
    return " ".join([text, *(f'"{phrase}"' for phrase in missing)])
