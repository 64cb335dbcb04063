"""Fills chunks with units: where to begin a new one, what to repeat, what to merge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from operator import attrgetter

from footnote.modules.ingestion.chunking.sections import Section, Unit, count

_WELL_FILLED = 0.5  # of the room: rather begin a new chunk than break a paragraph or add another section
_TINY = 0.2  # of the room: too little to stand alone


@dataclass(slots=True)
class Draft:
    """A chunk in the making; its first `repeated` units also end the one before it."""

    section: Section  # whose headings it is filed under
    units: list[Unit] = field(default_factory=list)
    repeated: int = 0
    tokens: int = field(init=False)
    is_headings_only: bool = field(init=False)

    def __post_init__(self) -> None:
        self.keep(self.units)

    def keep(self, units: list[Unit]) -> None:
        self.units = units
        self.tokens = count(units)
        self.is_headings_only = all(unit.is_heading for unit in units)

    def add(self, unit: Unit) -> None:
        self.units.append(unit)
        self.tokens += unit.tokens
        self.is_headings_only &= unit.is_heading

    @property
    def start(self) -> int:
        return self.units[0].start

    @property
    def end(self) -> int:
        return self.units[-1].end

    @property
    def free(self) -> int:
        lead = self.units[0].lead if self.units else 0
        return self.section.room - lead - self.tokens

    @property
    def fill(self) -> float:
        return self.tokens / self.section.room


class Packer:
    def __init__(self, overlap: float) -> None:
        self._overlap = overlap
        self._done: list[Draft] = []
        self._draft: Draft | None = None

    def pack(self, sections: Iterable[Section]) -> list[Draft]:
        for section in sections:
            self._begin(section)
            for _, units in groupby(section.units, attrgetter("block")):
                self._add_block(section, list(units))
            self._balance(section)
        if self._draft is not None:
            self._done.append(self._draft)
        return self._done

    def _begin(self, section: Section) -> None:
        """Go on with the draft if it is still small and takes the whole section, or has nothing but headings."""
        draft = self._draft
        if draft is None:
            self._draft = Draft(section)
        elif draft.is_headings_only:
            draft.section = section
        elif draft.fill > _WELL_FILLED or section.tokens > draft.free:
            self._done.append(draft)
            self._draft = Draft(section)

    def _add_block(self, section: Section, units: Sequence[Unit]) -> None:
        draft = self._current()
        size = count(units)
        if draft.free < size <= section.room and draft.fill > _WELL_FILLED:
            self._turn(section, size)
        for unit in units:
            if self._current().units and self._current().free < unit.tokens:
                self._turn(section, unit.tokens)
            self._current().add(unit)

    def _turn(self, section: Section, needed: int) -> None:
        """Begin the next draft, with what it repeats, so that `needed` tokens still fit in."""
        draft = self._current()
        headings = _trailing_headings(draft)
        if headings:
            draft.keep(draft.units[: -len(headings)])
            self._draft = Draft(section, headings)
        else:
            repeated = self._repeated(draft, section, needed)
            self._draft = Draft(section, repeated, len(repeated))
        self._done.append(draft)

    def _repeated(self, draft: Draft, section: Section, needed: int) -> list[Unit]:
        """Whole units from the end of `draft`, nearest to the share that is to be repeated, of this section only.

        Rows are not: they have their context, and say nothing of each other.
        """
        wanted, repeated, size = self._overlap * section.room, list[Unit](), 0
        for unit in reversed(draft.units[draft.repeated + 1 :]):
            too_much = size + unit.tokens / 2 > wanted or size + unit.tokens + needed > section.room
            is_apart = unit.is_heading or unit.table is not None or unit.start < section.units[0].start
            if is_apart or too_much:
                break
            repeated.insert(0, unit)
            size += unit.tokens
        return repeated

    def _balance(self, section: Section) -> None:
        """If little is left for the last draft of a section, share it evenly with the one before."""
        tail = self._current()
        before = self._done[-1] if self._done else None
        is_tiny = tail.tokens - count(tail.units[: tail.repeated]) < _TINY * section.room
        if before is None or before.section is not section or not is_tiny:
            return
        units = before.units + tail.units[tail.repeated :]
        cut = _middle(units, before.repeated + 1)
        before.keep(units[:cut])
        repeated = self._repeated(before, section, count(units[cut:]))
        self._draft = Draft(section, repeated + units[cut:], len(repeated))

    def _current(self) -> Draft:
        assert self._draft is not None  # noqa: S101 since a section has begun
        return self._draft


def _trailing_headings(draft: Draft) -> list[Unit]:
    """Headings at the end of `draft`, which belong to what comes next; none if there is nothing else in it."""
    if draft.is_headings_only:
        return []
    headings: list[Unit] = []
    for unit in reversed(draft.units):
        if not unit.is_heading:
            break
        headings.insert(0, unit)
    return headings


def _middle(units: Sequence[Unit], earliest: int) -> int:
    """The index at which `units` fall into two halves of about as many tokens, the first no shorter than `earliest`."""
    sums = list(accumulate(unit.tokens for unit in units))
    middle = next(index for index, tokens in enumerate(sums) if tokens >= sums[-1] / 2) + 1
    return min(max(middle, earliest), len(units) - 1)
