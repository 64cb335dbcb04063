"""Where facts stand in a sentence, and whether another one has taken their place."""

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from footnote.modules.generation.grounding.alignment import ARTICLES, Alignment, Around, Entity, entities, neighbours
from footnote.modules.generation.grounding.tokens import Token

CLOSE = 0.8  # share of the claim's words that stand in the source, from which on it is a copy with changes
BOTH = 2  # neighbours
TOGETHER = 3  # words of the source within which parts of one name stand
FEW = 3  # words between two names that say how they are related
SYMMETRIC = frozenset({"and", "or", "with", "nor", "und", "y", "et"})


class Slots:
    """The places that facts have in the source, and how well each fact of the claim fits into them."""

    def __init__(self, alignment: Alignment, named: Sequence[Entity]) -> None:
        self._alignment = alignment
        self._is_close = sum(place is not None for place in alignment.places) >= CLOSE * len(alignment.claim)
        source = alignment.source
        self._slots = [_Slot(neighbours(source, e), keys_of(source, e), source[e.first].kind) for e in entities(source)]
        around = [(neighbours(alignment.claim, entity), keys_of(alignment.claim, entity)) for entity in named]
        self._kept = [
            max((likeness(n, s.around) for n, k in around if _are_mostly_in(k, s.keys)), default=0) for s in self._slots
        ]

    def moved(self, named: Sequence[Entity]) -> int:
        """Pairs of facts that left the words around them, in what is otherwise a copy: exchanged, most likely."""
        return sum(self._left_its_place(entity) for entity in named) // 2 if self._is_close else 0

    def _left_its_place(self, entity: Entity) -> bool:
        here, keys = neighbours(self._alignment.claim, entity), keys_of(self._alignment.claim, entity)
        own = [slot for slot in self._slots if slot.keys & keys]
        is_there = all(_is_main(self._alignment, place) for place in entity.places)
        return is_there and not any(likeness(here, slot.around) for slot in own)

    def is_misplaced(self, entity: Entity) -> bool:
        """It stands where the source has another fact, which the claim does not say there; its own place differs."""
        claim = self._alignment.claim
        here, keys, kind = neighbours(claim, entity), keys_of(claim, entity), claim[entity.first].kind
        is_there = any(_is_main(self._alignment, place) for place in entity.places)
        slots = [(slot, kept, likeness(here, slot.around)) for slot, kept in zip(self._slots, self._kept, strict=True)]
        slots = [each for each in slots if each[0].kind == kind]
        own = max((fits for slot, _, fits in slots if is_there and _are_mostly_in(keys, slot.keys)), default=0)
        is_lost = own == 0 and is_there and self._is_close and entity.first > 0
        other = max(
            (
                fits
                for slot, kept, fits in slots
                if not _are_mostly_in(keys, slot.keys) and (fits > kept or (is_lost and fits == kept < BOTH))
            ),
            default=0,
        )
        return other > own and (not is_there or self._is_close or other == BOTH)


def _are_mostly_in(keys: Set[str], others: Set[str]) -> bool:
    return 2 * len(keys & others) > len(keys)


def turned_round(alignment: Alignment, named: Sequence[Entity]) -> int:
    """Pairs such as `the king of Spain` where the source has `Spain of the king`."""
    there = {(one, between, other) for one, between, other in _relations(alignment.source, entities(alignment.source))}
    here = set(_relations(alignment.claim, named)) - there
    return sum((other, between, one) in there for one, between, other in here)


def _relations(found: Sequence[Token], named: Sequence[Entity]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Neighbouring names, by their keys, and the few words between them."""
    for one, other in pairwise(named):
        between = tuple(token.key for token in found[one.last + 1 : other.first] if token.key not in ARTICLES)
        if between and len(between) <= FEW and not SYMMETRIC.intersection(between):
            yield _name(found, one), between, _name(found, other)


def _name(found: Sequence[Token], entity: Entity) -> str:
    return " ".join(found[place].key for place in entity.places)


class _Slot(NamedTuple):
    around: Around
    keys: Set[str]
    kind: str


def keys_of(found: Sequence[Token], entity: Entity) -> set[str]:
    return {found[place].key for place in entity.places}


def _is_main(alignment: Alignment, place: int) -> bool:
    there = alignment.places[place]
    return there is not None and there < alignment.main


def is_torn(alignment: Alignment, entity: Entity) -> bool:
    """A name whose parts stand in the source, but not together or not in this order."""
    found = [alignment.places[place] for place in entity.places]
    if len(found) == 1:
        return False
    keys = [alignment.claim[place].key for place in entity.places]
    at = {key: {p for p, token in enumerate(alignment.source) if token.key == key} for key in set(keys)}
    return any(
        one is not None and other is not None and not _are_near(at[key], at[next_key])
        for (one, key), (other, next_key) in pairwise(zip(found, keys, strict=True))
        if at[key] and at[next_key]
    )


def _are_near(here: Set[int], there: Set[int]) -> bool:
    """Whether one of `there` comes soon after one of `here`."""
    return any(place + step in there for place in here for step in range(1, TOGETHER + 1))


def likeness(here: Around, there: Around) -> int:
    return sum(bool(one & other) for one, other in zip(here, there, strict=True))
