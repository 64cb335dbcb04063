"""What a question says of time beside the periods it names: ranges of years, before and after, and what is left out."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from footnote.modules.retrieval.planning.periods import Edition, Periods, periods

QUARTERS = 4
LONGEST = 20  # years of a range
MOST = 8  # spans of one question
YEAR = r"(?:19|20)\d\d(?!\d)"
RANGES = (
    re.compile(rf"\b(?:between|zwischen|entre)\s+({YEAR})\s+(?:and|und|y|et)\s+({YEAR})", re.I),
    re.compile(rf"(?<!\d)({YEAR})\s*(?:to|through|until|bis|hasta|à|[-–])\s*({YEAR})", re.I),
)
QUARTER = r"Q\s?[1-4]"
BETWEEN = (
    r"(?:\s+(?:in|from|of|for|im|aus|von|en|de|del|dans|du|the|el|la|le|les|den|dem|fiscal|years?|jahr\w*|año|année))*"
)
PERIOD = rf"\s+((?:{QUARTER}[\s/-]*(?:of\s+)?)?{YEAR}(?:[\s/-]*{QUARTER})?)"
LISTED = re.compile(rf"\s*(?:,|and|or|nor|und|oder|noch|y|o|ni|et|ou)\s*({YEAR})", re.I)
CUES = {
    "not": r"not|except(?:\s+for|ing)?|excluding|other\s+than|without|besides|apart\s+from|nicht|au(?:ß|ss)er|ohne"
    r"|excepto|salvo|sin|sauf|hors|hormis|no",
    "before": r"before|prior\s+to|earlier\s+than|vor|antes\s+de|avant",
    "until": r"until|till|up\s+to|bis|hasta|jusqu['’](?:en|à|au)",
    "after": r"after|later\s+than|nach|después\s+de|tras|après",
    "since": r"since|seit|ab|desde|depuis|à\s+partir\s+de",
}
BOUNDS = {kind: re.compile(rf"(?<!\w)(?:{cue}){BETWEEN}{PERIOD}", re.I) for kind, cue in CUES.items()}
ANY_YEAR = re.compile(YEAR)


class Span(NamedTuple):
    """Quarters from `first` to the one before `beyond`, counted through all years; None: without end."""

    first: int | None = None
    beyond: int | None = None
    is_left_out: bool = False  # everything but these

    def admits(self, edition: Edition) -> bool:
        """Whether what is from then may be meant; nothing that tells no year."""
        if not edition.year:
            return False
        quarter = edition.quarter or (edition.month + 2) // 3
        start = QUARTERS * edition.year + max(quarter - 1, 0)
        end = start + (1 if quarter else QUARTERS)
        if self.is_left_out:
            return end <= (self.first or 0) or start >= (self.beyond or 0)
        return (self.first is None or start >= self.first) and (self.beyond is None or end <= self.beyond)


class Asked(NamedTuple):
    periods: Periods  # those that are asked for themselves
    spans: tuple[Span, ...]
    rest: str  # the question without what `spans` were said in

    def __bool__(self) -> bool:
        return bool(self.periods or self.spans)

    def admits(self, named: Periods, edition: Edition) -> bool:
        return self.periods.admit(named) and all(span.admits(edition) for span in self.spans)


@lru_cache(maxsize=64)  # asked several times a search
def asked(question: str) -> Asked:
    if not ANY_YEAR.search(question):
        return Asked(periods(question), (), question)
    rest, years = _without_ranges(question)
    rest, spans = _without_bounds(rest)
    named = periods(rest)
    return Asked(named._replace(years=named.years | years), tuple(spans), rest)


def _without_ranges(question: str) -> tuple[str, frozenset[int]]:
    years: set[int] = set()

    def take(found: re.Match[str]) -> str:
        first, last = int(found[1]), int(found[2])
        if not first <= last <= first + LONGEST:
            return found[0]
        years.update(range(first, last + 1))
        return " "

    for form in RANGES:
        question = form.sub(take, question)
    return question, frozenset(years)


def _without_bounds(question: str) -> tuple[str, list[Span]]:
    spans: list[Span] = []
    for kind, form in BOUNDS.items():
        while len(spans) < MOST and (found := form.search(question)):
            spans.append(_span(kind, found[1]))
            end = found.end()
            while kind == "not" and len(spans) < MOST and (more := LISTED.match(question, end)):
                spans.append(_span(kind, more[1]))
                end = more.end()
            question = f"{question[: found.start()]} {question[end:]}"
    return question, spans


def _span(kind: str, period: str) -> Span:
    first, beyond = _quarters(periods(period))
    match kind:
        case "not":
            return Span(first, beyond, is_left_out=True)
        case "before":
            return Span(beyond=first)
        case "until":
            return Span(beyond=beyond)
        case "after":
            return Span(first=beyond)
        case _:
            return Span(first=first)


def _quarters(named: Periods) -> tuple[int, int]:
    year = QUARTERS * min(named.years)
    if not named.quarters:
        return year, year + QUARTERS
    return year + min(named.quarters) - 1, year + max(named.quarters)


def years_of(span: Span) -> Iterator[tuple[str, int]]:
    """What a year has to be, as operators of the filter language: all of them, or of what is left out either.

    A year of which a part is meant may be meant.
    """
    if span.first is not None:
        yield ("lt", -(-span.first // QUARTERS)) if span.is_left_out else ("gte", span.first // QUARTERS)
    if span.beyond is not None:
        yield ("gte", span.beyond // QUARTERS) if span.is_left_out else ("lt", -(-span.beyond // QUARTERS))
