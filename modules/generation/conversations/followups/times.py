"""Years and quarters in questions, and the ones before and after them."""

import re

from footnote.modules.generation.conversations.followups.markers import MONTHS, Markers

_MONTH = "|".join(" ".join(MONTHS.values()).split())
_YEAR = r"(?:19|20)\d\d"
_ORDINALS_THERE = (
    ("first", "second", "third", "fourth"),
    ("ersten", "zweiten", "dritten", "vierten"),
    ("primer", "segundo", "tercer", "cuarto"),
    ("premier", "deuxième", "troisième", "quatrième"),
)
_ORDINAL = "|".join(word for words in _ORDINALS_THERE for word in words)
QUARTER = re.compile(
    rf"(?:\bQ(?P<number>[1-4])|\b(?P<ordinal>{_ORDINAL})\s+(?:fiscal\s+)?(?:quarter|quartal|trimestre))"
    rf"(?:\s+(?:of\s+|de\s+|des\s+Jahres\s+)?(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
TIME = re.compile(
    rf"{QUARTER.pattern.replace('?P<number>', '').replace('?P<ordinal>', '?:').replace('?P<year>', '?:')}"
    rf"|\b(?:{_MONTH})\s+(?:de\s+)?{_YEAR}\b|\b(?:fiscal\s+)?(?:year\s+)?{_YEAR}\b",
    re.IGNORECASE,
)
BARE_YEAR = re.compile(rf"\b{_YEAR}\b")


def shifted(time: str, unit: str, step: int) -> str | None:
    """`time` one unit earlier or later; nothing where that cannot be said."""
    year = BARE_YEAR.search(time)
    quarter = QUARTER.search(time)
    if unit == "year" and year:
        return _with_year(time, int(year.group()) + step)
    if unit != "quarter" or quarter is None:
        return None
    number = _number(quarter) + step
    carry, place = divmod(number - 1, 4)
    return _with_quarter(time, quarter, place, int(year.group()) + carry if year else None)


def unit_of(marker: re.Match[str]) -> str:
    """`year`, `quarter` or `month`, in whichever language."""
    named = next(group for group in marker.groups() if group).casefold()
    if "quart" in named or "trimestre" in named:
        return "quarter"
    return "month" if named in {"month", "monat", "vormonat", "folgemonat", "mes", "mois"} else "year"


def relative(text: str, markers: Markers) -> tuple[str, int] | None:
    """Whether `text` is "the year before" or the like: the unit, and how many of them later."""
    for pattern, step in ((markers.before, -1), (markers.after, 1)):
        if found := pattern.fullmatch(text.strip()):
            return unit_of(found), step
    return None


def _number(quarter: re.Match[str]) -> int:
    if quarter["number"]:
        return int(quarter["number"])
    word = quarter["ordinal"].casefold()
    return next(words.index(word) + 1 for words in _ORDINALS_THERE if word in words)


def _with_year(time: str, year: int) -> str:
    return BARE_YEAR.sub(str(year), time, count=1)


def _with_quarter(time: str, quarter: re.Match[str], place: int, year: int | None) -> str:
    if quarter["number"]:
        start, end = quarter.span("number")
        named = str(place + 1)
    else:
        start, end = quarter.span("ordinal")
        named = next(words for words in _ORDINALS_THERE if quarter["ordinal"].casefold() in words)[place]
    changed = time[:start] + named + time[end:]
    return changed if year is None else _with_year(changed, year)
