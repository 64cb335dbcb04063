"""Which word of a source each word of a sentence stands for."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from footnote.modules.generation.grounding.tokens import Token

COMPARED = 32  # mentions of a word, those nearest to its place: more only where somebody repeats it without end
REACH = 2  # words to each side that tell one mention from another
ARTICLES = frozenset({"the", "a", "an", "its", "his", "her", "their"})
# What makes a people or a language of the name of a country.
DEMONYM = ("s", "n", "an", "ian", "ish", "ese", "i", "ic", "y")
LINKS = frozenset({"of", "the", "de", "von", "van", "der", "du", "del", "la"})
ANY_UNIT = ""


class Entity(NamedTuple):
    """Names that stand together, also with an `of` between them, or a number: what fills one place of a sentence."""

    places: tuple[int, ...]  # of its tokens, without such an `of`

    @property
    def first(self) -> int:
        return self.places[0]

    @property
    def last(self) -> int:
        return self.places[-1]


class Alignment(NamedTuple):
    claim: Sequence[Token]
    source: Sequence[Token]
    main: int  # how many tokens the first sentence of the source has; those of others come after it
    places: tuple[int | None, ...]  # in the source, of each token of the claim

    def missing(self) -> list[int]:
        """Places of the claim's names, numbers and other words of content that the source has not."""
        return [
            place
            for place, (token, found) in enumerate(zip(self.claim, self.places, strict=True))
            if found is None and token.kind != "function"
        ]


def align(claim: Sequence[Token], sentences: Sequence[Sequence[Token]]) -> Alignment:
    """With the first of `sentences`; others help out with what they say in more than a single word or name."""
    source = [token for sentence in sentences for token in sentence]
    bounds = list(accumulate((len(sentence) for sentence in sentences), initial=0))
    main = bounds[1]
    places = _places(claim, source[:main])
    if len(sentences) > 1:
        elsewhere = _places(claim, source)
        open_ = {place for place, found in enumerate(places) if found is None and elsewhere[place] is not None}
        for group in _groups(claim, places, elsewhere, bounds):
            if _says_something(claim, group):
                for place in open_ & set(group):
                    places[place] = elsewhere[place]
    return Alignment(claim, source, main, tuple(places))


def _places(claim: Sequence[Token], source: Sequence[Token]) -> list[int | None]:
    at: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(source):
        at[token.key].append(place)
    short = _initialisms(source)
    places = [
        _best(claim, place, _candidates(token, at, source) or short.get(token.key, []), source)
        for place, token in enumerate(claim)
    ]
    for key, spelled in _initialisms(claim).items():
        for place in spelled:
            if places[place] is None and key in at:
                places[place] = at[key][0]
    return places


def _groups(
    claim: Sequence[Token], own: Sequence[int | None], elsewhere: Sequence[int | None], bounds: Sequence[int]
) -> list[list[int]]:
    """Words of content that follow each other in the claim, and stand in one of the further sentences."""
    groups: list[list[int]] = []
    last = 0
    for place, token in enumerate(claim):
        there = elsewhere[place]
        if token.kind == "function":
            continue
        sentence = bisect(bounds, there) if there is not None and there >= bounds[1] else 0
        if sentence and sentence == last:
            groups[-1].append(place)
        elif sentence:
            groups.append([place])
        last = sentence
    return groups


def _says_something(claim: Sequence[Token], group: Sequence[int]) -> bool:
    return len(group) > 1 and any(claim[place].kind == "word" for place in group)


def entities(found: Sequence[Token]) -> list[Entity]:
    runs: list[Entity] = []
    for place, token in enumerate(found):
        if token.kind == "number":
            runs.append(Entity((place,)))
        elif token.kind == "name":
            if runs and found[runs[-1].last].kind == "name" and _goes_on(found, runs[-1].last, place):
                runs[-1] = Entity((*runs[-1].places, place))
            else:
                runs.append(Entity((place,)))
    return runs


def _goes_on(found: Sequence[Token], last: int, place: int) -> bool:
    between = [token.lower for token in found[last + 1 : place]]
    if any(token.begins for token in found[last + 1 : place + 1]):
        return False
    return not between if found[place].start - found[last].end <= 1 else bool(between) and set(between) <= LINKS


Around = tuple[frozenset[str], frozenset[str]]


def neighbours(found: Sequence[Token], entity: Entity) -> Around:
    """The keys of the word before and of that after it, articles aside; of two where an aside in brackets is between.

    Empty keys stand for the beginning and the end of the sentence.
    """
    return _beside(found, entity.first, -1), _beside(found, entity.last, 1)


def _beside(found: Sequence[Token], place: int, step: int) -> frozenset[str]:
    keys: list[str] = []
    is_aside = found[place].is_aside
    place += step
    while 0 <= place < len(found):
        token = found[place]
        if token.key not in ARTICLES and not (keys and token.is_aside):
            keys.append(token.key)
            if not token.is_aside or is_aside:
                break
        place += step
    else:
        keys.append("")
    return frozenset(keys)


def _candidates(token: Token, at: Mapping[str, Sequence[int]], source: Sequence[Token]) -> Sequence[int]:
    same = at.get(token.key, ())
    if token.kind == "number":
        return [place for place in same if source[place].kind == "number" and _same_unit(token, source[place])]
    if same or token.kind != "name":
        return same
    return [place for place, other in enumerate(source) if other.kind == "name" and _is_of(token.lower, other.lower)]


def _same_unit(token: Token, other: Token) -> bool:
    if token.unit == other.unit:
        return True
    return "%" not in (token.unit, other.unit) and ANY_UNIT in (token.unit, other.unit)


def _is_of(name: str, other: str) -> bool:
    """French and France do not meet, Norway and Norwegian neither; German and Germany do."""
    short, long = sorted((name, other), key=len)
    return len(short) >= 4 and long.startswith(short) and long[len(short) :] in DEMONYM


def _initialisms(found: Sequence[Token]) -> dict[str, list[int]]:
    """Places of names that stand together, by their initials."""
    return {
        "".join(found[place].lower[:1] for place in entity.places): list(entity.places)
        for entity in entities(found)
        if entity.last > entity.first
    }


def _best(claim: Sequence[Token], place: int, among: Sequence[int], source: Sequence[Token]) -> int | None:
    if len(among) < 2:
        return among[0] if among else None
    if len(among) > COMPARED:
        nearest = max(0, bisect(among, place) - COMPARED // 2)
        among = among[nearest : nearest + COMPARED]
    before = {token.key for token in claim[max(0, place - REACH) : place]}
    after = {token.key for token in claim[place + 1 : place + 1 + REACH]}

    def likeness(other: int) -> tuple[int, float]:
        there_before = {token.key for token in source[max(0, other - REACH) : other]}
        there_after = {token.key for token in source[other + 1 : other + 1 + REACH]}
        return len(before & there_before) + len(after & there_after), -abs(other - place)

    return max(among, key=likeness)
