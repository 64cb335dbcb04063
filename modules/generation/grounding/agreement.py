"""Where a sentence contradicts its source, or says a fact that the source does not have."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from footnote.modules.generation.grounding.alignment import Alignment, Entity, entities, neighbours
from footnote.modules.generation.grounding.lexicon import COMPARATORS, EXCLUSIVE, NEGATORS, PREFIXES, SUBJECTS
from footnote.modules.generation.grounding.measures import MONTHS
from footnote.modules.generation.grounding.places import Slots, is_torn, likeness, turned_round
from footnote.modules.generation.grounding.tokens import Token, tokens

SCOPE = 3  # words of content after a negation that it may be about
BEFORE_NUMBER = 2  # words in which a comparison stands before its number
GROUPS = tuple(frozenset(tokens(word)[0].key for word in group) for group in EXCLUSIVE)
GROUPS_OF: dict[str, list[frozenset[str]]] = defaultdict(list)
for _group in GROUPS:
    for _word in _group:
        GROUPS_OF[_word].append(_group)


class Conflicts(NamedTuple):
    names: int  # that the source does not have, or not for certain
    numbers: int
    slots: int  # facts that stand where the source has another one
    polarity: int  # negated on one side only
    opposites: int  # words that exclude one of the source's

    @property
    def any(self) -> bool:
        return any(self)


def conflicts(alignment: Alignment, *, known: Set[str], missing: Set[int]) -> Conflicts:
    """`known` keys are names of the title and of what stood before; `missing` places of the claim are not there."""
    claim = alignment.claim
    named = entities(claim)
    filled = Slots(alignment, named)
    resolved: set[int] = set()
    slots = 0
    for entity in named:
        slots += filled.is_misplaced(entity) or is_torn(alignment, entity)
        is_known = all(place in missing and claim[place].key in known for place in entity.places)
        if is_known and not resolved and claim[entity.first].kind == "name" and _is_spoken_of(alignment, entity):
            resolved.update(entity.places)
    facts = [claim[place] for place in missing if place not in resolved and claim[place].is_fact]
    return Conflicts(
        names=sum(token.kind == "name" for token in facts),
        numbers=sum(token.kind == "number" for token in facts)
        + _wrong_comparisons(alignment)
        + _wrong_dates(alignment),
        slots=slots + turned_round(alignment, named) + filled.moved(named),
        polarity=_polarity(alignment),
        opposites=_opposites(alignment),
    )


def is_negator(token: Token) -> bool:
    return token.lower in NEGATORS or token.lower.endswith("n't")


def _is_spoken_of(alignment: Alignment, entity: Entity) -> bool:
    """Where the claim names it, the source has a pronoun or `the company` instead."""
    source, here = alignment.source, neighbours(alignment.claim, entity)
    return any(
        likeness(here, neighbours(source, Entity((place,)))) > 0
        for place, token in enumerate(source)
        if token.lower in SUBJECTS or (token.begins and token.kind == "word") or _is_the_one(source, place)
    )


def _is_the_one(source: Sequence[Token], place: int) -> bool:
    return place > 0 and source[place].kind == "word" and source[place - 1].lower in ("the", "this")


def _polarity(alignment: Alignment) -> int:
    claim, source, places = alignment.claim, alignment.source, alignment.places
    source_scopes, claim_scopes = list(_scopes(source)), list(_scopes(claim))
    denied_there = {place for scope in source_scopes for place in scope}
    denied_here = {place for scope in claim_scopes for place in scope}
    wrong = int(_negations(claim) > _negations(source))
    for scope in claim_scopes:
        heads = [there for there in (places[place] for place in scope) if there is not None]
        wrong += not any(head in denied_there for head in heads[:2])
    said = {there: here for here, there in enumerate(places) if there is not None and claim[here].kind != "function"}
    for scope in source_scopes:
        wrong += scope[0] in said and said[scope[0]] not in denied_here
    return wrong


def _scopes(found: Sequence[Token]) -> Iterator[list[int]]:
    """Of each negation the words it may be about, the likeliest first."""
    for place, token in enumerate(found):
        if not is_negator(token) or (token.lower == "not" and _is_not_only(found, place)):
            continue
        scope: list[int] = []
        for other in range(place + 1, len(found)):
            if found[other].begins or len(scope) >= SCOPE:
                break
            if found[other].kind != "function" and not is_negator(found[other]):
                scope.append(other)
        if scope:
            yield scope


def _negations(found: Sequence[Token]) -> int:
    return sum(is_negator(token) for token in found)


def _is_not_only(found: Sequence[Token], place: int) -> bool:
    return place + 1 < len(found) and found[place + 1].lower in ("only", "just", "merely")


def _opposites(alignment: Alignment) -> int:
    """Words that the main sentence has less often than the claim, and one that they exclude more often."""
    here = Counter(token.key for token in alignment.claim)
    there = Counter(token.key for token in alignment.source[: alignment.main])
    added, dropped = here - there, there - here
    wrong = 0
    for key in added:
        rivals = {other for group in GROUPS_OF.get(key, ()) for other in group} & dropped.keys() - {key}
        wrong += bool(rivals) or _turned(key, dropped.keys())
    return wrong


def _turned(key: str, there: Set[str]) -> bool:
    """Whether a word there is this one with a prefix that denies it, or without one."""
    own = key.removesuffix("e")
    others = {other.removesuffix("e") for other in there}
    denied = {prefix + own for prefix in PREFIXES} if len(own) > 2 else set()
    bare = {own.removeprefix(prefix) for prefix in PREFIXES if own.startswith(prefix) and len(own) > len(prefix) + 2}
    return bool((denied | bare) & others)


def _wrong_comparisons(alignment: Alignment) -> int:
    return sum(
        _compared(alignment.claim, here) != _compared(alignment.source, there)
        for here, there in enumerate(alignment.places)
        if there is not None and alignment.claim[here].kind == "number"
    )


def _compared(found: Sequence[Token], place: int) -> str:
    """`more`, `less` and the like before a number."""
    for other in range(place - 1, max(-1, place - 1 - BEFORE_NUMBER), -1):
        if found[other].kind != "function" and found[other].lower not in COMPARATORS:
            break
        if found[other].lower in COMPARATORS:
            return COMPARATORS[found[other].lower]
    return ""


def _wrong_dates(alignment: Alignment) -> int:
    """Dates of the claim whose parts stand in the source, but not together."""
    there = _dates(alignment.source)
    return sum(not any(_is_within(date, other) for other in there) for date in _dates(alignment.claim) if there)


def _dates(found: Sequence[Token]) -> list[tuple[str, str, str]]:
    """Day, month and year around each name of a month; what is not said is empty."""
    dates = []
    for place, token in enumerate(found):
        if token.lower not in MONTHS or not token.key.startswith("month"):
            continue
        around = {offset: _numeric(found, place + offset) for offset in (-1, 1, 2)}
        day = next((each for each in (around[-1], around[1]) if 0 < len(each) <= 2), "")
        year = next((each for each in (around[1], around[2]) if len(each) == 4), "")
        dates.append((day, token.key, year))
    return dates


def _numeric(found: Sequence[Token], place: int) -> str:
    return found[place].key if 0 <= place < len(found) and found[place].kind == "number" else ""


def _is_within(date: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return all(not said or not there or said == there for said, there in zip(date, other, strict=True))
