"""Which documents a question is about, by the periods and versions in their titles."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from footnote.modules.retrieval.planning.periods import edition, periods, series

LATEST = re.compile(
    r"\b(?:latest|newest|most\s+recent|neueste\w*|aktuellste\w*|jüngste\w*|más\s+recientes?|plus\s+récente?s?"
    r"|(?:last|current|letzte\w*|aktuelle\w*|últim[oa]|dernier|dernière)\s+(?:report|quarter|version|edition|release|issue"
    r"|filing|year|bericht\w*|quartal\w*|fassung|ausgabe|jahr\w*|informe|trimestre|versión|edición|rapport|exercice))\b",
    re.I,
)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    document_ids: frozenset[str]
    reason: str  # for people


def speaks_of_editions(question: str) -> bool:
    """Whether titles could say which documents it is about."""
    return bool(periods(question)) or LATEST.search(question) is not None


def scope(question: str, titles: Mapping[str, str]) -> Scope | None:
    """The documents of the period that is asked for, or else the latest of each series; None if titles do not tell.

    `titles` by document id. Only documents of a series count, whose titles differ in nothing but the period or version:
    a year in a title by itself may be the subject of the document rather than its date.
    """
    in_series = _in_series(titles)
    if asked := periods(question):
        named = {each for ids in in_series for each in ids if asked.admit(periods(titles[each]))}
        if named:
            return Scope(
                document_ids=frozenset(named), reason=f"of the period asked for: {listed(_names(named, titles))}"
            )
    if LATEST.search(question):
        latest = {each for ids in in_series for each in _latest(ids, titles)}
        if latest:
            return Scope(
                document_ids=frozenset(latest), reason=f"latest of their series: {listed(_names(latest, titles))}"
            )
    return None


def _in_series(titles: Mapping[str, str]) -> list[list[str]]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for document_id, title in titles.items():
        if edition(title):
            grouped[series(title)].append(document_id)
    return [ids for ids in grouped.values() if len({edition(titles[each]) for each in ids}) > 1]


def _latest(ids: list[str], titles: Mapping[str, str]) -> list[str]:
    editions = {each: found for each in ids if (found := edition(titles[each]))}
    newest = max(editions.values())
    return [each for each, found in editions.items() if found == newest]


def listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _names(ids: set[str], titles: Mapping[str, str]) -> list[str]:
    return sorted({titles[each] for each in ids})
