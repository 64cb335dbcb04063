"""Filters as SQL conditions over the table `publication`; values are bound, never spliced."""

import json
from datetime import datetime

from footnote.modules.retrieval.filters import METADATA, And, Comparison, Filter, Not, Or, Value
from footnote.modules.retrieval.repository.writing import microseconds

# Each is true or false, never unknown, so that `not` of a comparison with a missing value is true.
OPERATORS = {
    "eq": "{column} IS ?",
    "ne": "{column} IS NOT ?",
    "in": "coalesce({column} IN (SELECT value FROM json_each(?)), 0)",
    "gte": "coalesce({column} >= ?, 0)",
    "lt": "coalesce({column} < ?, 0)",
}
# SQLite orders values of different types too; a value of another type than declared counts as missing.
JSON_TYPES = {"string": "('text')", "number": "('integer', 'real')", "boolean": "('true', 'false')"}

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
    column, values = _column(node)
    sql = OPERATORS[node.operator].format(column=column)
    return f"({sql})", [*values, _bound(node.value)]


def _column(node: Comparison) -> Condition:
    if not node.field.startswith(METADATA):
        return node.field, []
    path = f'$."{node.field.removeprefix(METADATA)}"'
    typed = f"json_type(metadata, ?) IN {JSON_TYPES[node.type]}"
    return f"CASE WHEN {typed} THEN json_extract(metadata, ?) END", [path, path]


def _bound(value: Value | tuple[Value, ...]) -> object:
    match value:
        case tuple():
            return json.dumps([_bound(each) for each in value])
        case datetime():
            return microseconds(value)
        case _:
            return value
