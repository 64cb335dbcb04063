"""Which documents a question is about, by the periods and versions in their titles."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from footnote.modules.retrieval.models import Passage
from footnote.modules.retrieval.planning.bounds import Asked, asked
from footnote.modules.retrieval.planning.periods import Edition, Periods, edition, periods, series
from footnote.platform.stop_words import STOP_WORDS

LATEST = re.compile(
    r"\b(?:latest|newest|most\s+recent|neueste\w*|aktuellste\w*|jüngste\w*|más\s+recientes?|plus\s+récente?s?"
    r"|(?:last|current|letzte\w*|aktuelle\w*|últim[oa]|dernier|dernière)\s+(?:report|quarter|version|edition|release|issue"
    r"|filing|year|bericht\w*|quartal\w*|fassung|ausgabe|jahr\w*|informe|trimestre|versión|edición|rapport|exercice))\b",
    re.I,
)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    document_ids: frozenset[str]
    reason: str  # for people


class Title(NamedTuple):
    """What it says of when its document is from."""

    text: str
    series: str
    edition: Edition | None
    periods: Periods


@lru_cache(maxsize=64)  # asked three times a search
def speaks_of_editions(question: str) -> bool:
    """Whether titles could say which documents it is about."""
    return bool(asked(question)) or LATEST.search(question) is not None


def scope(question: str, found: Sequence[Passage]) -> Scope | None:
    """The documents of the period that is asked for, or else the latest of each series; None if titles do not tell.

    Only documents of a series count, whose titles differ in nothing but the period or version: a year in a title by
    itself may be the subject of the document rather than its date. And only if the question names the series, or most
    of what was found is in one: what happened in 2007 is rarely asked of the one annual report among other things.
    """
    titles = {passage.document_id: _read(passage.title) for passage in found}
    in_series = _in_series(titles)
    members = {each for ids in in_series for each in ids}
    if 2 * sum(passage.document_id in members for passage in found) < len(found):
        in_series = [ids for ids in in_series if _is_named(titles[ids[0]].series, question)]
    if meant := asked(question):
        named = {each for ids in in_series for each in ids if _is_meant(meant, titles[each])}
        if named:
            return _scope(named, titles, "of the period asked for")
    if LATEST.search(question):
        latest = {each for ids in in_series for each in _latest(ids, titles)}
        if latest:
            return _scope(latest, titles, "latest of their series")
    return None


@lru_cache(maxsize=1024)  # a search reads those of all documents that it found
def _read(title: str) -> Title:
    return Title(title, series(title), edition(title), periods(title))


def forget_titles() -> None:
    """None stays in memory."""
    _read.cache_clear()


def _scope(ids: set[str], titles: Mapping[str, Title], why: str) -> Scope:
    return Scope(document_ids=frozenset(ids), reason=f"{why}: {listed(sorted({titles[each].text for each in ids}))}")


def _is_meant(meant: Asked, title: Title) -> bool:
    return title.edition is not None and meant.admits(title.periods, title.edition)


def _is_named(name: str, question: str) -> bool:
    words = [word for word in name.split() if word not in STOP_WORDS]
    return bool(words) and set(words) <= set(re.findall(r"\w+", question.casefold()))


def _in_series(titles: Mapping[str, Title]) -> list[list[str]]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for document_id, title in titles.items():
        if title.edition:
            grouped[title.series].append(document_id)
    return [ids for ids in grouped.values() if len({titles[each].edition for each in ids}) > 1]


def _latest(ids: list[str], titles: Mapping[str, Title]) -> list[str]:
    editions = {each: found for each in ids if (found := titles[each].edition)}
    newest = max(editions.values())
    return [each for each, found in editions.items() if found == newest]


def listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
