"""Embeddings in LanceDB: a folder that several processes read and write."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import BTree

from footnote.modules.retrieval.repository.memory.sparse import Integers
from footnote.modules.retrieval.repository.vector_store import Rows
from footnote.platform.inference import Embeddings
from footnote.platform.storage.errors import StoreUnavailable

AT_ONCE = timedelta(0)  # after others have written, a search sees it
KEPT = timedelta(minutes=10)  # older versions of a table, for searches that are under way
NONE = np.zeros(0, np.int64)


class LanceVectors:
    """A table for each space, searched without an approximate index: what it finds is exact."""

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            StoreUnavailable: The folder cannot be read or made.
        """
        self._tables: dict[str, lancedb.table.Table] = {}
        with translated_errors():
            self._database = lancedb.connect(folder, read_consistency_interval=AT_ONCE)

    def add(self, space: str, rows: Rows) -> None:
        with translated_errors():
            table = self._table(space)
            if table is None:
                table = self._database.create_table(table_name(space), data=_arrow(rows))
                table.create_index("build", config=BTree())
            else:
                table.add(_arrow(rows))

    def nearest(
        self, space: str, embedding: Embeddings, tenant: str, builds: Sequence[int] | None, limit: int
    ) -> Integers:
        with translated_errors():
            table = self._table(space)
            if table is None:
                return NONE
            search = table.search(embedding, vector_column_name="embedding").distance_type("dot")
            search = search.where(_text_is("tenant", tenant) if builds is None else _among(builds), prefilter=True)
            found = search.select(["number", "_distance"]).limit(limit).to_arrow()
            return _integers(found, "number")

    def held(self, space: str) -> tuple[Integers, Integers]:
        with translated_errors():
            table = self._table(space)
            if table is None:
                return NONE, NONE
            found = table.search().select(["number", "build"]).limit(None).to_arrow()
            return _integers(found, "number"), _integers(found, "build")

    def drop(self, space: str, builds: Sequence[int]) -> None:
        with translated_errors():
            table = self._table(space)
            if table is not None and builds:
                table.delete(_among(builds))

    def tidy(self, space: str) -> None:
        with translated_errors():
            table = self._table(space)
            if table is not None:
                table.optimize(cleanup_older_than=KEPT)

    def forget(self, space: str) -> None:
        with translated_errors():
            self._tables.pop(space, None)
            self._database.drop_table(table_name(space), ignore_missing=True)

    def _table(self, space: str) -> "lancedb.table.Table | None":
        if space not in self._tables:
            try:
                self._tables[space] = self._database.open_table(table_name(space))
            except ValueError:  # there is none yet
                return None
        return self._tables[space]


def table_name(space: str) -> str:
    """Of its letters and digits, told apart by a hash."""
    return f"{re.sub(r'[^A-Za-z0-9]+', '_', space)[:40]}_{blake2b(space.encode(), digest_size=8).hexdigest()}"


@contextmanager
def translated_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreUnavailable(f"LanceDB: {error}") from error


def _arrow(rows: Rows) -> pa.Table:
    dimension = rows.embeddings.shape[1]
    return pa.table(
        {
            "number": pa.array(rows.numbers, pa.int64()),
            "build": pa.array(rows.builds, pa.int64()),
            "tenant": pa.array(rows.tenants, pa.string()),
            "embedding": pa.FixedSizeListArray.from_arrays(pa.array(rows.embeddings.ravel()), dimension),
        }
    )


def _among(builds: Sequence[int]) -> str:
    return f"build IN ({','.join(map(str, builds))})"


def _text_is(column: str, text: str) -> str:
    quoted = text.replace("'", "''")
    return f"{column} = '{quoted}'"


def _integers(found: pa.Table, column: str) -> Integers:
    integers: Integers = found[column].to_numpy()
    return integers
