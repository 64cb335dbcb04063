"""Turns the sources that a sentence names into citations of document spans."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from footnote.modules.generation.evidence import supporting_span
from footnote.modules.generation.models import Citation
from footnote.modules.ingestion import Located, SpanLocator
from footnote.modules.retrieval import Passage
from footnote.platform.errors import NotFound
from footnote.platform.principal import Principal


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a passage that a sentence rests on."""

    passage: Passage
    start: int  # code points of the document version
    end: int


def parts_of(sentence: str, passages: Sequence[Passage]) -> list[Part]:
    """Of each passage what supports the sentence best; nothing of one that shares no word with it."""
    spans = [(passage, supporting_span(sentence, passage.text)) for passage in passages]
    return [
        Part(passage=passage, start=passage.start + span[0], end=passage.start + span[1])
        for passage, span in spans
        if span
    ]


class Citer:
    def __init__(self, locator: SpanLocator) -> None:
        self._locator = locator

    async def cite(self, principal: Principal, parts: Sequence[Part]) -> list[Citation]:
        """Citations in the order of `parts`, without what was deleted or shut away since it was retrieved."""
        by_version: defaultdict[tuple[str, int], list[Part]] = defaultdict(list)
        for part in parts:
            by_version[part.passage.document_id, part.passage.version].append(part)
        located = await asyncio.gather(*(self._locate(principal, *key, found) for key, found in by_version.items()))
        return [citation for citations in located for citation in citations]

    async def heads(self, principal: Principal, row: Citation) -> list[Citation]:
        """Of what stands above the row that is cited, in order; empty if that is no row of a table, or is gone."""
        try:
            spans = await self._locator.heads(principal, row.document_id, row.version, row.start)
        except NotFound:
            return []
        return await self.beside(principal, row, spans) if spans else []

    async def beside(self, principal: Principal, cited: Citation, spans: Sequence[tuple[int, int]]) -> list[Citation]:
        """Of other spans of the document that is cited; empty if that is gone."""
        try:
            places = await self._locator.locate(principal, cited.document_id, cited.version, spans)
        except NotFound:
            return []
        return [
            msgspec.structs.replace(
                cited,
                start=start,
                end=end,
                quote=located.quote,
                pages=located.place.pages,
                boxes=located.place.boxes,
                heading_path=located.place.heading_path,
                cells=located.place.cells,
                seconds=located.place.seconds,
            )
            for (start, end), located in zip(spans, places, strict=True)
        ]

    async def _locate(
        self, principal: Principal, document_id: str, version: int, parts: Sequence[Part]
    ) -> list[Citation]:
        spans = [(part.start, part.end) for part in parts]
        try:
            places = await self._locator.locate(principal, document_id, version, spans)
        except NotFound:
            return []
        return [_citation(part, located) for part, located in zip(parts, places, strict=True)]


def _citation(part: Part, located: Located) -> Citation:
    passage, place = part.passage, located.place
    return Citation(
        index=0,
        document_id=passage.document_id,
        version=passage.version,
        title=located.title,
        start=part.start,
        end=part.end,
        quote=located.quote,
        pages=place.pages,
        boxes=place.boxes,
        heading_path=place.heading_path,
        passage_id=passage.id,
        cells=place.cells,
        seconds=place.seconds,
    )
