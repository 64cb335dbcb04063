"""Filters as SQL conditions over the table `publication`; values are bound, never spliced."""

import json
from datetime import datetime

from footnote.modules.retrieval.filters import METADATA, And, Comparison, Filter, Not, Or, Value
from footnote.modules.retrieval.repository.writing import microseconds

# Each is true or false, never unknown, so that `not` of a comparison with a missing value is true.
OPERATORS = {
    "eq": "{column} IS {value}",
    "ne": "{column} IS NOT {value}",
    "in": "coalesce({column} IN (SELECT {value} FROM json_each(?)), 0)",
    "gte": "coalesce({column} >= {value}, 0)",
    "lt": "coalesce({column} < {value}, 0)",
}
# SQLite orders values of different types too; a value of another type than declared counts as missing.
JSON_TYPES = {
    "string": "('text')",
    "number": "('integer', 'real')",
    "boolean": "('true', 'false')",
    "time": "('text')",
}
DAY = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'"  # SQLite would also read a bare number or `now` as a time

Condition = tuple[str, list[object]]


def condition(node: Filter) -> Condition:
    """The SQL of a filter and the values to bind, in order."""
    match node:
        case And(terms):
            return _joined(terms, " AND ", empty="1")
        case Or(terms):
            return _joined(terms, " OR ", empty="0")
        case Not(term):
            sql, values = condition(term)
            return f"NOT {sql}", values
        case Comparison():
            return _comparison(node)


def _joined(terms: tuple[Filter, ...], word: str, *, empty: str) -> Condition:
    parts = [condition(term) for term in terms]
    sql = word.join(sql for sql, _ in parts) or empty
    return f"({sql})", [value for _, values in parts for value in values]


def _comparison(node: Comparison) -> Condition:
    column, values = _metadata(node) if node.field.startswith(METADATA) else (node.field, [])
    value = "value" if node.operator == "in" else "?"
    if _is_text_of_time(node):
        value = f"julianday({value})"
    sql = OPERATORS[node.operator].format(column=column, value=value)
    return f"({sql})", [*values, _bound(node, node.value)]


def _metadata(node: Comparison) -> Condition:
    path = f'$."{node.field.removeprefix(METADATA)}"'
    typed = f"json_type(metadata, ?) IN {JSON_TYPES[node.type]}"
    value = "json_extract(metadata, ?)"
    if node.type != "time":
        return f"CASE WHEN {typed} THEN {value} END", [path, path]
    return f"CASE WHEN {typed} AND {value} GLOB {DAY} THEN julianday({value}) END", [path, path, path]


def _is_text_of_time(node: Comparison) -> bool:
    return node.type == "time" and node.field.startswith(METADATA)


def _bound(node: Comparison, value: Value | tuple[Value, ...]) -> object:
    match value:
        case tuple():
            return json.dumps([_bound(node, each) for each in value])
        case datetime():
            return value.isoformat() if _is_text_of_time(node) else microseconds(value)
        case _:
            return value
