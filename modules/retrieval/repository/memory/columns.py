"""What the documents of a tenant have in one field, so that a filter looks at numbers instead of rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from footnote.modules.retrieval.filters import Operator
from footnote.modules.retrieval.repository.memory.sparse import Flags, Rows

Value = str | float | None
Found = Iterable[tuple[int, Value]]  # code of a document, what it has

MISSING = 0  # number of None
UNUSED = 2  # values for each document, from which on those that none has any more are left out


@dataclass(frozen=True, eq=False)
class Column:
    numbers: Rows  # of the value of each document
    values: Mapping[Value, int]  # the number of each; they count from 0, in order
    unread: frozenset[int] = frozenset()  # codes of documents that may have another value by now

    @classmethod
    def of(cls, documents: int, found: Found) -> "Column":
        return cls(np.zeros(0, np.int32), {None: MISSING}).read(documents, found)

    def read(self, documents: int, found: Found) -> "Column":
        """With what was `found` in its place, and nothing in that of further documents, of which there are so many."""
        numbers = np.concatenate([self.numbers, np.full(documents - len(self.numbers), MISSING, np.int32)])
        values = dict(self.values)
        for code, value in found:
            numbers[code] = values.setdefault(value, len(values))
        return Column(numbers, values) if len(values) <= UNUSED * (documents + 1) else _used(numbers, list(values))

    def after(self, changed: Iterable[int]) -> "Column":
        return Column(self.numbers, self.values, self.unread.union(changed))

    def admits(self, operator: Operator, wanted: Sequence[Value]) -> Flags:
        """Which documents the comparison with `wanted`, one value or those of `in`, is true of."""
        match operator:
            case "eq" | "in":
                return self._having([self.values[value] for value in wanted if value in self.values])
            case "ne":
                other: Flags = ~self.admits("eq", wanted)
                return other
            case "gte":
                return self._having([number for value, number in self.values.items() if _reaches(value, wanted[0])])
            case "lt":
                before: Flags = ~self.admits("gte", wanted) & (self.numbers != MISSING)
                return before

    def _having(self, numbers: Sequence[int]) -> Flags:
        if len(numbers) == 1:
            same: Flags = self.numbers == numbers[0]
            return same
        chosen = np.zeros(len(self.values), np.bool_)
        chosen[np.array(numbers, np.int64)] = True
        having: Flags = chosen[self.numbers]
        return having


def _reaches(value: Value, least: Value) -> bool:
    if isinstance(value, str) or isinstance(least, str):
        return isinstance(value, str) and isinstance(least, str) and value >= least
    return value is not None and least is not None and value >= least


def _used(numbers: Rows, values: Sequence[Value]) -> Column:
    """The column with those values alone that some document has."""
    used = np.union1d([MISSING], numbers)
    counted = np.searchsorted(used, numbers).astype(numbers.dtype)
    return Column(counted, {values[number]: place for place, number in enumerate(used.tolist())})
