"""Small chunks to find, and the large ones that are read instead."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from footnote.modules.ingestion.chunking.sections import Section, Unit
from footnote.modules.retrieval import Chunk

_LEAST = 8  # tokens of a sentence that says something by itself


def family(parent: Chunk, children: Iterable[Chunk]) -> Iterator[Chunk]:
    """The parent, then its children; a child that has the whole text needs no parent."""
    chunks = list(children)
    if len(chunks) == 1 and (chunks[0].start, chunks[0].end) == (parent.start, parent.end):
        yield msgspec.structs.replace(chunks[0], parent=None)
    elif chunks:
        yield parent
        yield from chunks


def headed(run: Sequence[Section]) -> Iterator[Section]:
    """The sections, those of nothing but a heading joined to what follows them."""
    units: list[Unit] = []
    for section in run:
        units += section.units
        is_followed = section is not run[-1] and all(unit.is_heading for unit in section.units)
        if not units or not is_followed:
            yield replace(section, units=tuple(units))
            units = []


def sentences(section: Section) -> Sequence[Unit]:
    """The units, headings and very short ones joined to what follows them."""
    joined: list[Unit] = []
    for unit in section.units:
        if joined and _leads_to(joined[-1], unit) and _tokens(joined[-1]) + unit.tokens <= section.room:
            joined[-1] = _joined(joined[-1], unit)
        else:
            joined.append(unit)
    return joined


def _leads_to(unit: Unit, following: Unit) -> bool:
    return unit.is_heading or (unit.tokens < _LEAST and unit.block == following.block)


def _tokens(unit: Unit) -> int:
    return unit.lead + unit.tokens


def _joined(unit: Unit, following: Unit) -> Unit:
    return replace(following, start=unit.start, tokens=unit.tokens + following.tokens, lead=unit.lead)
