"""Filters and access in the two query languages of MongoDB: MQL, and the clauses of its text search.

MQL serves `$match` and the pre-filter of `$vectorSearch`, which takes only some operators. A chunk carries what it is
filtered by in such a form that both languages say what ours says of missing and of wrongly typed values.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from footnote.modules.retrieval.filters import METADATA, And, Comparison, Filter, Not, Or, Value
from footnote.modules.retrieval.models import Card
from footnote.platform.principal import Principal

Row: TypeAlias = dict[str, Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TIMES = "times."
MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
SPECIAL = re.compile(r"[%.$\0]")
LARGEST = 2**63  # whole numbers from here on are kept as doubles
GREATEST = 10**308


@dataclass(frozen=True)
class Language:
    """How conditions are written; each function takes such that are neither true nor false of everything."""

    compare: Callable[[Comparison], Row]
    every: Callable[[list[Row]], Row]
    some: Callable[[list[Row]], Row]
    negated: Callable[[Row], Row]


def facets(card: Card) -> Row:
    """What each chunk of a document carries of it to be filtered by.

    Of metadata only text, numbers and truth values; what reads as a time stands among `times` too, in milliseconds
    since 1970. So a value of another type than declared is not found under its path.
    """
    plain = {field_name(key): value for key, value in card.metadata.items() if isinstance(value, str | int | float)}
    times = {key: milliseconds_of(value) for key, value in plain.items() if isinstance(value, str)}
    return {
        "owner": card.owner,
        "readers": list(card.readers),
        "media_type": card.media_type,
        "language": card.language,
        "created_at": (card.created_at - EPOCH) // MICROSECOND,
        "metadata": {key: _kept(value) for key, value in plain.items()},
        "times": {key: time for key, time in times.items() if time is not None},
    }


def field_name(key: str) -> str:
    """A key of metadata as the name of one field: MongoDB reads dots and dollar signs as a path."""
    return SPECIAL.sub(lambda found: f"%{ord(found[0]):02X}", key) or "%"


def field_path(field: str, kind: str) -> str:
    """Where chunks carry the values of a field of the filter language."""
    if not field.startswith(METADATA):
        return field
    return (TIMES if kind == "time" else METADATA) + field_name(field.removeprefix(METADATA))


def milliseconds_of(text: str) -> int | None:
    """The time that `text` names in RFC 3339, as SQLite reads it, or None."""
    try:
        moment = datetime.fromisoformat(text) if MOMENT.fullmatch(text) else None
    except ValueError:
        return None
    if moment is None:
        return None
    return _milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def matching(node: Filter | None) -> Row | None:
    """A filter in MQL: `{}` if it admits everything, None if nothing."""
    return _folded(node, MQL)


def readable(principal: Principal) -> Row:
    """What `principal` may read, in MQL. Chunks that were never published have no readers, and no owner."""
    mine = {"$or": [{"owner": {"$eq": principal.subject}}, {"readers": {"$in": sorted(principal.readers)}}]}
    return {"$and": [{"tenant": {"$eq": principal.tenant}}, mine]}


def findable(principal: Principal, node: Filter | None, **equal: Value) -> Row | None:
    """What `principal` may read, the filter admits and has these values, in MQL; None if that is nothing."""
    admitted = matching(node)
    if admitted is None:
        return None
    exact = [{path: {"$eq": value}} for path, value in equal.items()]
    return {"$and": [*readable(principal)["$and"], *exact, *([admitted] if admitted else [])]}


def clauses(node: Filter | None) -> list[Row] | None:
    """A filter as clauses of text search that must all hold; None if it admits nothing."""
    clause = _folded(node, CLAUSES)
    return None if clause is None else [clause] if clause else []


def readable_clauses(principal: Principal) -> list[Row]:
    mine = [_equals("owner", principal.subject), {"in": {"path": "readers", "value": sorted(principal.readers)}}]
    return [_equals("tenant", principal.tenant), _some_clause(mine)]


def findable_clauses(principal: Principal, node: Filter | None) -> list[Row] | None:
    """What `principal` may read and the filter admits, as clauses of text search; None if that is nothing."""
    admitted = clauses(node)
    return None if admitted is None else [*readable_clauses(principal), *admitted]


def _folded(node: Filter | None, language: Language) -> Row | None:
    match node:
        case None:
            return {}
        case And(terms):
            parts = [_folded(term, language) for term in terms]
            return None if None in parts else _joined([part for part in parts if part], language.every, empty={})
        case Or(terms):
            parts = [_folded(term, language) for term in terms]
            return {} if {} in parts else _joined([part for part in parts if part], language.some, empty=None)
        case Not(term):
            inner = _folded(term, language)
            return {} if inner is None else language.negated(inner) if inner else None
        case Comparison(value=()):
            return None
        case Comparison():
            return language.compare(node)


def _joined(parts: list[Row], join: Callable[[list[Row]], Row], *, empty: Row | None) -> Row | None:
    return join(parts) if len(parts) > 1 else parts[0] if parts else empty


def _match(node: Comparison) -> Row:
    return {field_path(node.field, node.type): {f"${node.operator}": _operand(node)}}


def _clause(node: Comparison) -> Row:
    path, operand = field_path(node.field, node.type), _operand(node)
    match node.operator:
        case "eq":
            return _equals(path, operand)
        case "ne":
            return _negated_clause(_equals(path, operand))
        case "in":
            return {"in": {"path": path, "value": _of_one_type(operand)}}
        case _:
            return {"range": {"path": path, node.operator: operand}}


def _equals(path: str, value: Any) -> Row:
    return {"equals": {"path": path, "value": value}}


def _some_clause(terms: list[Row]) -> Row:
    return {"compound": {"should": terms, "minimumShouldMatch": 1}}


def _negated_clause(term: Row) -> Row:
    """Every chunk has a tenant; a compound of nothing but `mustNot` is not documented."""
    return {"compound": {"filter": [{"exists": {"path": "tenant"}}], "mustNot": [term]}}


MQL = Language(
    compare=_match,
    every=lambda terms: {"$and": terms},
    some=lambda terms: {"$or": terms},
    negated=lambda term: {"$nor": [term]},
)
CLAUSES = Language(
    compare=_clause,
    every=lambda terms: {"compound": {"filter": terms}},
    some=_some_clause,
    negated=_negated_clause,
)


def _operand(node: Comparison) -> Any:
    if isinstance(node.value, tuple):
        return [_bound(node.field, value) for value in node.value]
    return _bound(node.field, node.value)


def _bound(field: str, value: Value) -> Any:
    if not isinstance(value, datetime):
        return value
    return _milliseconds(value) if field.startswith(METADATA) else (value - EPOCH) // MICROSECOND


def _of_one_type(values: list[Any]) -> list[Any]:
    """`in` takes no mixture of whole numbers and doubles."""
    return [float(value) for value in values] if any(type(value) is float for value in values) else values


def _milliseconds(moment: datetime) -> int:
    return ((moment - EPOCH) // MICROSECOND + 500) // 1000


def _kept(value: Any) -> Any:
    if not isinstance(value, int) or abs(value) < LARGEST:
        return value
    return float(max(-GREATEST, min(value, GREATEST)))
