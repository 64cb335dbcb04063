"""The filter language: one small tree for every store."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec

from footnote.modules.retrieval.errors import InvalidFilter

FieldType = Literal["string", "number", "boolean", "time"]
Operator = Literal["eq", "ne", "in", "gte", "lt"]
Value: TypeAlias = str | float | bool | datetime

MAX_DEPTH = 5  # and, or, not inside each other
MAX_TERMS = 100  # comparisons
MAX_VALUES = 1000  # of one `in`
MAX_INTEGER = 2**53  # beyond it, stores that keep doubles would compare something else

FIELDS: Mapping[str, FieldType] = {
    "document_id": "string",
    "media_type": "string",
    "language": "string",
    "created_at": "time",
}
METADATA = "metadata."


class Comparison(msgspec.Struct, frozen=True):
    """A missing value, or one of another type than declared, is equal to nothing, before nothing and after nothing.

    Times in metadata are text, a date or a time of RFC 3339, and are compared to the millisecond.
    """

    field: str
    type: FieldType
    operator: Operator
    value: Value | tuple[Value, ...]


class And(msgspec.Struct, frozen=True):
    terms: tuple["Filter", ...]


class Or(msgspec.Struct, frozen=True):
    terms: tuple["Filter", ...]


class Not(msgspec.Struct, frozen=True):
    term: "Filter"


Filter: TypeAlias = Comparison | And | Or | Not


def parse_filter(filters: Mapping[str, Any], metadata: Mapping[str, FieldType]) -> Filter:
    """The tree of `filters`; `metadata` declares the keys that may be filtered by. Several fields of one object: all.

    Raises:
        InvalidFilter: It is not of the language, or beyond its limits.
    """
    types = {**FIELDS, **{METADATA + key: kind for key, kind in metadata.items()}}
    return _Parser(types).tree(filters, "$", depth=0)


class _Parser:
    def __init__(self, types: Mapping[str, FieldType]) -> None:
        self._types = types
        self._terms = 0

    def tree(self, node: Any, at: str, depth: int) -> Filter:
        if not isinstance(node, Mapping):
            raise InvalidFilter("Expected an object", at)
        if depth > MAX_DEPTH:
            raise InvalidFilter(f"At most {MAX_DEPTH} of `and`, `or` and `not` may stand inside each other", at)
        terms = tuple(self._entry(key, value, f"{at}.{key}", depth) for key, value in node.items())
        return terms[0] if len(terms) == 1 else And(terms)

    def _entry(self, key: str, value: Any, at: str, depth: int) -> Filter:
        match key:
            case "and":
                return And(self._trees(value, at, depth))
            case "or":
                return Or(self._trees(value, at, depth))
            case "not":
                return Not(self.tree(value, at, depth + 1))
            case _:
                return self._field(key, value, at)

    def _trees(self, nodes: Any, at: str, depth: int) -> tuple[Filter, ...]:
        if not isinstance(nodes, list):
            raise InvalidFilter("Expected a list", at)
        return tuple(self.tree(node, f"{at}[{index}]", depth + 1) for index, node in enumerate(nodes))

    def _field(self, field: str, value: Any, at: str) -> Filter:
        kind = self._types.get(field)
        if kind is None:
            raise InvalidFilter(f"No such field to filter by; there are: {', '.join(sorted(self._types))}", at)
        if not isinstance(value, Mapping):
            return self._comparison(field, kind, "eq", value, at)
        if not value:
            raise InvalidFilter("Expected a value, or an object with `in`, `gte`, `lt` or `ne`", at)
        terms = tuple(self._operator(field, kind, key, operand, at) for key, operand in value.items())
        return terms[0] if len(terms) == 1 else And(terms)

    def _operator(self, field: str, kind: FieldType, operator: str, operand: Any, at: str) -> Comparison:
        match operator:
            case "in" | "ne":
                return self._comparison(field, kind, operator, operand, f"{at}.{operator}")
            case "gte" | "lt" if kind != "boolean":
                return self._comparison(field, kind, operator, operand, f"{at}.{operator}")
            case _:
                raise InvalidFilter(f"No such operator for a {kind}; there are: {_operators(kind)}", f"{at}.{operator}")

    def _comparison(self, field: str, kind: FieldType, operator: Operator, operand: Any, at: str) -> Comparison:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise InvalidFilter(f"At most {MAX_TERMS} comparisons are allowed", at)
        value = _values(operand, kind, at) if operator == "in" else _value(operand, kind, at)
        return Comparison(field, kind, operator, value)


def _operators(kind: FieldType) -> str:
    return "in, ne" if kind == "boolean" else "in, gte, lt, ne"


def _values(operands: Any, kind: FieldType, at: str) -> tuple[Value, ...]:
    if not isinstance(operands, list) or len(operands) > MAX_VALUES:
        raise InvalidFilter(f"Expected a list of at most {MAX_VALUES} values", at)
    return tuple(_value(operand, kind, f"{at}[{index}]") for index, operand in enumerate(operands))


def _value(operand: Any, kind: FieldType, at: str) -> Value:
    match kind, operand:
        case "boolean", bool():
            return operand
        case "number", int() | float() if not isinstance(operand, bool) and _is_exact(operand):
            return operand
        case "string", str():
            return operand
        case "time", str() | datetime():
            return _time(operand, at)
    raise InvalidFilter(f"Expected a {kind}", at)


def _is_exact(number: float) -> bool:
    return math.isfinite(number) if isinstance(number, float) else abs(number) <= MAX_INTEGER


def _time(operand: str | datetime, at: str) -> datetime:
    """A date alone is its midnight in UTC."""
    is_date = isinstance(operand, str) and len(operand) == len("2024-01-31")
    try:
        moment = msgspec.convert(f"{operand}T00:00:00Z" if is_date else operand, datetime)
    except msgspec.ValidationError:
        raise InvalidFilter("Expected a date or a time of RFC 3339, such as 2024-01-31T12:00:00Z", at) from None
    if moment.tzinfo is None:
        raise InvalidFilter("Expected a time with its offset from UTC, such as 2024-01-31T12:00:00Z", at)
    return moment
