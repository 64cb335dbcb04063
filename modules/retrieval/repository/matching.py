"""Which documents of a tenant a filter admits, at one moment of the index."""

import sqlite3
from collections.abc import Sequence
from functools import reduce

import numpy as np

from footnote.modules.retrieval.filters import And, Comparison, Filter, Not, Or
from footnote.modules.retrieval.repository.conditions import values_of, wanted_by
from footnote.modules.retrieval.repository.memory.columns import Column, Found
from footnote.modules.retrieval.repository.memory.sparse import Flags
from footnote.modules.retrieval.repository.memory.tenants import Tenant, keep

DOCUMENT_ID = "document_id"


class Matching:
    """Values are read from the database once for each field; what was published since is read alone."""

    def __init__(self, connection: sqlite3.Connection, name: str, tenant: Tenant) -> None:
        """`connection` is in a snapshot of the same moment as `tenant`, whose name is `name`."""
        self._connection = connection
        self._name = name
        self._tenant = tenant
        self._count = len(tenant.granted)

    def admitted(self, node: Filter) -> Flags:
        """For each document by its code; those that are published no more may be among them."""
        match node:
            case And(terms):
                return reduce(np.logical_and, map(self.admitted, terms), np.ones(self._count, np.bool_))
            case Or(terms):
                return reduce(np.logical_or, map(self.admitted, terms), np.zeros(self._count, np.bool_))
            case Not(term):
                return ~self.admitted(term)
            case Comparison():
                wanted = wanted_by(self._connection, node)
                if node.field == DOCUMENT_ID and node.operator in ("eq", "in"):
                    return self._named(wanted)
                return self._column(node).admits(node.operator, wanted)

    def _named(self, document_ids: Sequence[object]) -> Flags:
        known = self._tenant.documents.codes
        codes = [known[each] for each in document_ids if isinstance(each, str) and each in known]
        named = np.zeros(self._count, np.bool_)
        named[[code for code in codes if code < self._count]] = True
        return named

    def _column(self, node: Comparison) -> Column:
        key = (node.field, node.type)
        column = self._tenant.read.get(key)
        if column is None or column.unread or len(column.numbers) < self._count:
            column = self._read(node, column)
            keep(self._tenant.read, key, column)
        return column

    def _read(self, node: Comparison, known: Column | None) -> Column:
        if known is None:
            return Column.of(self._count, self._found(node, None))
        unread = [code for code in known.unread if code < self._count]
        ids = [self._tenant.documents.ids[code] for code in unread]
        cleared = [(code, None) for code in unread]
        return known.read(self._count, [*cleared, *self._found(node, ids)])

    def _found(self, node: Comparison, ids: list[str] | None) -> Found:
        codes = self._tenant.documents.codes
        rows = values_of(self._connection, self._name, node.field, node.type, ids)
        return [(code, value) for each, value in rows if (code := codes.get(each, self._count)) < self._count]
