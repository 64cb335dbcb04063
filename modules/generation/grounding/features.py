"""What speaks for and against a sentence, given the sentences it may rest on."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from footnote.modules.generation.grounding.agreement import Conflicts, conflicts
from footnote.modules.generation.grounding.alignment import Alignment, align
from footnote.modules.generation.grounding.tokens import Token, tokens
from footnote.modules.generation.grounding.windows import Piece, Window, worth

NEAR = 6  # words of the source within which two words that are neighbours in the claim still belong together
FEW = 3  # what there is more of counts as this
NOTHING_NEW = 0.5
MOST_LEFT = 40  # words
LONG = 8  # words that follow one another as they do in the source


class Features(msgspec.Struct, frozen=True, kw_only=True):
    coverage: float  # share of the claim's names, numbers and words that the source has
    novel: float  # the same of those that the question has not
    anywhere: float  # the same as `novel`, in all of the evidence
    rest: float  # the same of what stands in the claim beside the question's own words, in all of the evidence
    run: float  # the longest part of it that stands in the evidence as it is
    soft: float  # how close the lost words come to one that the claim leaves out, on average, in [0, 1]
    weakest: float  # how close the remotest of them comes; 1 if none is lost
    aligned: float  # the same of its token where it stands, to any token of the source
    order: float  # share of neighbours that are neighbours in the source too
    names: float
    numbers: float
    echoed: float  # names and numbers that only the question has
    slots: float
    polarity: float
    opposites: float
    pieces: float  # sentences beyond the first
    relevance: float  # share of the question's words that the source has
    repeats: float  # whether the claim has it word for word
    literal: float


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A claim against one window."""

    window: Window
    alignment: Alignment
    features: Features
    conflicts: Conflicts
    lost: tuple[int, ...]  # places of words in the claim, neither names nor numbers, that the source has not
    left: tuple[str, ...]  # words of the source that the claim has not


class Everything:
    """All of the evidence at once."""

    def __init__(self, found: Sequence[Piece]) -> None:
        self.keys = frozenset().union(*(piece.keys for piece in found))
        self._text = " " + " | ".join(" ".join(token.lower for token in piece.tokens) for piece in found) + " "

    def has(self, words: Sequence[str]) -> bool:
        """Whether they follow one another in a sentence."""
        return f" {' '.join(words)} " in self._text


class Asked(msgspec.Struct, frozen=True):
    keys: frozenset[str]
    words: tuple[str, ...] = ()

    @property
    def is_given(self) -> bool:
        return bool(self.keys)


def asked(question: str) -> Asked:
    split = tokens(question)
    return Asked(
        frozenset(token.key for token in split if token.kind != "function"), tuple(token.lower for token in split)
    )


def read(
    claim: Sequence[Token], window: Window, question: Asked, known: frozenset[str], everything: Everything
) -> Reading:
    """`known` are the names that pronouns of the window may stand for."""
    alignment = align(claim, [piece.tokens for piece in window.pieces])
    source = alignment.source
    missing = alignment.missing()
    content = [place for place, token in enumerate(claim) if token.kind != "function"]
    rest = _beside(claim, question)
    echoed = [place for place in missing if claim[place].is_fact and claim[place].key in question.keys]
    against = conflicts(alignment, known=known, missing=set(missing))
    repeats = _repeated_at(claim, question) is not None
    if _stands_in([token.lower for token in claim], [token.lower for token in source[: alignment.main]]):
        against = against._replace(slots=0)  # a row repeats its figures, and each is where it stands
    if repeats:
        against = _of_rest(against, claim, missing, rest)
    novel = [place for place in content if claim[place].key not in question.keys]
    nowhere = {place for place in content if claim[place].key not in everything.keys}
    features = Features(
        coverage=_covered(claim, content, set(missing)),
        novel=_covered(claim, novel, set(missing)),
        anywhere=_covered(claim, novel, nowhere),
        rest=_covered(claim, [place for place in rest if claim[place].kind != "function"], nowhere),
        run=_run(claim, rest, everything),
        soft=0.0,
        weakest=0.0 if any(not claim[place].is_fact for place in missing) else 1.0,
        aligned=0.0 if any(not claim[place].is_fact for place in missing) else 1.0,
        order=_order(alignment, content),
        names=min(FEW, against.names),
        numbers=min(FEW, against.numbers),
        echoed=min(FEW, len(echoed)),
        slots=min(FEW, against.slots),
        polarity=min(FEW, against.polarity),
        opposites=min(FEW, against.opposites),
        pieces=len(window.pieces) - 1,
        relevance=_share_of(question.keys, {token.key for token in source}) if question.is_given else 0.0,
        repeats=float(repeats),
        literal=float(_stands_in([token.lower for token in claim], [token.lower for token in source])),
    )
    lost = tuple(place for place in missing if not claim[place].is_fact)
    kept = {place for place in alignment.places if place is not None}
    left = tuple(t.lower for place, t in enumerate(source) if place not in kept and t.kind in ("word", "function"))
    return Reading(
        window=window, alignment=alignment, features=features, conflicts=against, lost=lost, left=left[:MOST_LEFT]
    )


def _of_rest(against: Conflicts, claim: Sequence[Token], missing: Sequence[int], rest: Sequence[int]) -> Conflicts:
    """What a sentence repeats of the question is the asker's: only its numbers must stand in the evidence."""
    names = sum(claim[place].kind == "name" for place in missing if place in rest)
    return against._replace(names=names, slots=0, polarity=0, opposites=0)


def _beside(claim: Sequence[Token], question: Asked) -> list[int]:
    """Places beside the question, if the claim repeats it, without function words at the ends."""
    at = _repeated_at(claim, question)
    parts = [range(len(claim))] if at is None else [range(at), range(at + len(question.words), len(claim))]
    return [place for part in parts for place in _trimmed(claim, list(part))]


def _repeated_at(claim: Sequence[Token], question: Asked) -> int | None:
    """Where the claim has the question word for word."""
    size = len(question.words)
    starts = range(len(claim) - size + 1) if size > 1 else ()
    lower = tuple(token.lower for token in claim)
    return next((at for at in starts if lower[at : at + size] == question.words), None)


def _trimmed(claim: Sequence[Token], places: list[int]) -> list[int]:
    while places and claim[places[0]].kind == "function":
        places = places[1:]
    while places and claim[places[-1]].kind == "function":
        places = places[:-1]
    return places


def _run(claim: Sequence[Token], rest: Sequence[int], everything: Everything) -> float:
    """The longest part of `rest` that stands in the evidence word for word, as share of it or of a long run."""
    longest, most = 0, min(LONG, len(rest))
    for start in range(len(rest)):
        while longest < most and start + longest < len(rest):
            words = [claim[place].lower for place in rest[start : start + longest + 1]]
            if not everything.has(words):
                break
            longest += 1
    return longest / most if rest else NOTHING_NEW


def known_names(window: Window, found: Sequence[Piece], title: Sequence[Token]) -> frozenset[str]:
    """Of the title, and what the sentence before each piece begins with."""
    names = {token.key for token in title if token.kind == "name" or token.begins}
    for piece in window.pieces:
        before = next((o for o in found if o.passage == piece.passage and o.number == piece.number - 1), None)
        names |= _subject(before.tokens) if before else set()
    return frozenset(names)


def _subject(found: Sequence[Token]) -> set[str]:
    """The first names of a sentence."""
    subject: set[str] = set()
    for place, token in enumerate(found):
        if token.kind == "name":
            subject.add(token.key)
        elif subject and not (token.kind == "function" and place < len(found) - 1):
            break
    return subject


def _covered(claim: Sequence[Token], content: Sequence[int], missing: set[int]) -> float:
    total = sum(worth(claim[place]) for place in content)
    return sum(worth(claim[place]) for place in content if place not in missing) / total if total else NOTHING_NEW


def _share_of(keys: frozenset[str], there: set[str]) -> float:
    return len(keys & there) / len(keys) if keys else 0.0


def _order(alignment: Alignment, content: Sequence[int]) -> float:
    pairs = list(pairwise(content))
    if not pairs:
        return 1.0
    kept = 0
    for one, other in pairs:
        here, there = alignment.places[one], alignment.places[other]
        kept += here is not None and there is not None and 0 < there - here <= NEAR
    return kept / len(pairs)


def _stands_in(words: Sequence[str], there: Sequence[str]) -> bool:
    size = len(words)
    return any(there[at] == words[0] and there[at : at + size] == words for at in range(len(there) - size + 1))
