"""Filters, documents to filter, and a plain reading of the filter language in Python."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from footnote.modules.retrieval import Card

DECLARED = {"year": "number", "author": "string", "final": "boolean", "signed": "time"}
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)

numbers = st.sampled_from([-1, 0, 1, 1.5, 2020, 2**53])
strings = st.sampled_from(["", "a", "A", "é", "z", "日本", 'it\'s "x" \\ %_', "1", "true", "👍"])
times = st.integers(0, 3).map(lambda hours: NEW_YEAR + timedelta(hours=hours, milliseconds=hours))
VALUES = {
    "document_id": st.sampled_from([f"d{place}" for place in range(6)]),
    "media_type": strings,
    "language": strings,
    "created_at": times,
    "metadata.year": numbers,
    "metadata.author": strings,
    "metadata.final": st.booleans(),
    "metadata.signed": times,
}
TYPES = {"metadata.year": (int, float), "metadata.final": (bool,), "created_at": (datetime,)}


def comparisons(field: str) -> st.SearchStrategy[dict[str, Any]]:
    value = VALUES[field]
    operators = {"ne": value, "in": st.lists(value, max_size=3)}
    ordered = {} if field == "metadata.final" else {"gte": value, "lt": value}
    some = st.fixed_dictionaries({}, optional=operators | ordered).filter(bool)
    return (value | some).map(lambda wanted: {field: wanted})


leaves = st.sampled_from(sorted(VALUES)).flatmap(comparisons)
trees = st.recursive(
    leaves,
    lambda nodes: (
        st.lists(nodes, max_size=3).map(lambda terms: {"and": terms})
        | st.lists(nodes, max_size=3).map(lambda terms: {"or": terms})
        | nodes.map(lambda term: {"not": term})
    ),
    max_leaves=6,
).filter(lambda tree: depth(tree) <= 5)
texts_of_times = times.map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}Z") | st.sampled_from(
    ["2024-01-01", "2024-01-01T02:00:00+01:00", "2024-01-01T00:00:00Z", "now", "2451545", "2024-13-01", "12:00"]
)
metadata = st.dictionaries(
    st.sampled_from(["year", "author", "final", "signed", "other"]),
    st.none() | texts_of_times | numbers | strings | st.booleans() | st.just([1]) | st.just({"a": 1}),
)
described = st.fixed_dictionaries(
    {"media_type": strings, "language": st.none() | strings, "created_at": times, "metadata": metadata}
)


def depth(tree: Mapping[str, Any]) -> int:
    [(key, value)] = tree.items()
    if key == "not":
        return 1 + depth(value)
    return 1 + max(map(depth, value), default=0) if key in ("and", "or") else 0


def holds(tree: Mapping[str, Any], card: Card) -> bool:
    [(key, wanted)] = tree.items()
    match key:
        case "and":
            return all(holds(term, card) for term in wanted)
        case "or":
            return any(holds(term, card) for term in wanted)
        case "not":
            return not holds(wanted, card)
    value = value_of(key, card)
    operators = wanted if isinstance(wanted, dict) else {"in": [wanted]}
    return all(compares(operator, value, operand) for operator, operand in operators.items())


def value_of(field: str, card: Card) -> Any:
    value = card.metadata.get(field.removeprefix("metadata.")) if "." in field else getattr(card, field)
    if field == "metadata.signed":
        return time_of(value)
    return value if type(value) in TYPES.get(field, (str,)) else None


def time_of(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and value[4:5] == "-" else None
    except ValueError:
        return None
    return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def compares(operator: str, value: Any, operand: Any) -> bool:
    match operator:
        case "ne":
            return bool(value != operand)
        case "in":
            return value is not None and value in operand
        case "gte":
            return value is not None and bool(value >= operand)
        case _:
            return value is not None and bool(value < operand)
