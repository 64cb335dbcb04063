"""Periods of time that a question or a title names: years, quarters, months; and numbers of versions."""

import re
from calendar import month_name
from typing import NamedTuple

# And no part of a code, such as ISO 27001:2022 or CVE-2022-3602.
YEAR = re.compile(r"(?<!\d)(?<!\d:)(?:19|20)\d\d(?!\d|-(?!(?:19|20)\d\d(?!\d))\d{3})")
QUARTER = re.compile(r"(?<![^\W\d_])Q\s?([1-4])(?!\d)|(?<!\d)([1-4])\s?Q(?![^\W\d_])", re.I)
ORDINALS = (
    r"first|1st|erste[ns]?|1\.|primer|premier|1er",
    r"second|2nd|zweite[ns]?|2\.|segundo|deuxième|2e",
    r"third|3rd|dritte[ns]?|3\.|tercer|troisième|3e",
    r"fourth|4th|vierte[ns]?|4\.|cuarto|quatrième|4e",
)
QUARTER_WORDS = tuple(
    re.compile(rf"(?<!\w)(?:{ordinal})\s+(?:fiscal\s+)?(?:quarter|quartal\w*|trimestre)\b", re.I)
    for ordinal in ORDINALS
)
IN_WORDS = re.compile("quart|trimestre", re.I)  # what each of the above has
MONTHS = tuple(re.compile(rf"\b{name}\b", re.I) for name in month_name[1:])
ANY_MONTH = re.compile("|".join(month_name[1:]), re.I)
AFTER_MONTH = re.compile(r",?\s+\d")
BEFORE_MONTH = re.compile(r"(?<!\w)(?:in|of)\s\Z|\d\s\Z")
REACH = 4  # characters
NUMBERED_MONTH = re.compile(r"(?<!\d)(?:19|20)\d\d[-_.](0[1-9]|1[0-2])(?!\d)")
VERSION = re.compile(r"(?<![^\W_])(?:v|ver\.?|version|rev\.?|revision)\s?(\d{1,4}(?:\.\d{1,4}){0,3})(?![^\W_])", re.I)
SPACE = re.compile(r"[\W_]+")


class Periods(NamedTuple):
    """Each a set, for a question may name several; empty where nothing is said."""

    years: frozenset[int] = frozenset()
    quarters: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return any(self[:])

    def admit(self, other: "Periods") -> bool:
        """Whether `other` has one of all that is named here."""
        return all(not mine or mine & theirs for mine, theirs in zip(self, other, strict=True))


class Edition(NamedTuple):
    """What a title says of when its document is from; comparable among documents of one series."""

    year: int
    quarter: int
    month: int
    version: tuple[int, ...]


def periods(text: str) -> Periods:
    text = text.replace("_", " ")
    numbered = {int(found.group(1)) for found in NUMBERED_MONTH.finditer(text)}
    years = {int(year) for year in YEAR.findall(text)}
    quarters = {int(one or other) for one, other in QUARTER.findall(text)}
    if IN_WORDS.search(text):
        quarters |= {place for place, words in enumerate(QUARTER_WORDS, start=1) if words.search(text)}
    some = MONTHS if ANY_MONTH.search(text) else ()
    months = {place for place, name in enumerate(some, start=1) if _is_month(name, text)}
    return Periods(frozenset(years), frozenset(quarters), frozenset(months | numbered))


def edition(title: str) -> Edition | None:
    """None if the title names neither a period nor a version."""
    named, version = periods(title), VERSION.search(title.replace("_", " "))
    if not named and not version:
        return None
    return Edition(
        year=max(named.years, default=0),
        quarter=max(named.quarters, default=0),
        month=max(named.months, default=0),
        version=tuple(map(int, version.group(1).split("."))) if version else (),
    )


def series(title: str) -> str:
    """What titles of one series share: all but the period and the version."""
    rest = title.replace("_", " ")
    for pattern in (NUMBERED_MONTH, YEAR, QUARTER, *QUARTER_WORDS, *MONTHS, VERSION):
        rest = pattern.sub(" ", rest)
    return SPACE.sub(" ", rest).strip().casefold()


def _is_month(name: re.Pattern[str], text: str) -> bool:
    """`May` and `March` are words, too, unless a year or the day follows or `in` precedes."""
    return any(
        AFTER_MONTH.match(text, found.end()) or BEFORE_MONTH.search(text, max(0, found.start() - REACH), found.start())
        for found in name.finditer(text)
    )
