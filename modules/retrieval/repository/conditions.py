"""The fields of filters as SQL expressions over the table `publication`; keys are bound, never spliced."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from footnote.modules.retrieval.filters import METADATA, Comparison, FieldType
from footnote.modules.retrieval.filters import Value as Wanted
from footnote.modules.retrieval.repository.memory.columns import Value
from footnote.modules.retrieval.repository.writing import microseconds

# A value of another type than declared counts as missing.
JSON_TYPES = {
    "string": "('text')",
    "number": "('integer', 'real')",
    "boolean": "('true', 'false')",
    "time": "('text')",
}
DAY = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'"  # SQLite would also read a bare number or `now` as a time
READ = "SELECT document_id, {column} FROM publication WHERE tenant = ?"
SOME = " AND document_id IN (SELECT value FROM json_each(?))"
DAYS = "SELECT julianday(value) FROM json_each(?) ORDER BY key"


def values_of(
    connection: sqlite3.Connection, tenant: str, field: str, kind: FieldType, documents: Sequence[str] | None
) -> Iterator[tuple[str, Value]]:
    """What each of `documents` (None: all) has, by its id; times as numbers that grow with them."""
    column, keys = _metadata(field, kind) if field.startswith(METADATA) else (field, [])
    sql, values = READ.format(column=column), [*keys, tenant]
    if documents is None:
        yield from map(tuple, connection.execute(sql, values))
    else:
        yield from map(tuple, connection.execute(sql + SOME, [*values, json.dumps([*documents])]))


def wanted_by(connection: sqlite3.Connection, node: Comparison) -> list[Value]:
    """Its value, or those of an `in`, as `values_of` gives them."""
    wanted = node.value if isinstance(node.value, tuple) else (node.value,)
    if node.type == "time" and node.field.startswith(METADATA):
        moments = json.dumps([each.isoformat() for each in wanted if isinstance(each, datetime)])
        return [days for (days,) in connection.execute(DAYS, (moments,))]
    return [_bare(each) for each in wanted]


def _bare(value: Wanted) -> Value:
    return microseconds(value) if isinstance(value, datetime) else value


def _metadata(field: str, kind: FieldType) -> tuple[str, list[object]]:
    path = f'$."{field.removeprefix(METADATA)}"'
    typed = f"json_type(metadata, ?) IN {JSON_TYPES[kind]}"
    value = "json_extract(metadata, ?)"
    if kind != "time":
        return f"CASE WHEN {typed} THEN {value} END", [path, path]
    return f"CASE WHEN {typed} AND {value} GLOB {DAY} THEN julianday({value}) END", [path, path, path]
