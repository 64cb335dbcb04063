"""The terms of each chunk in SQLite, counted when it is written."""

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from footnote.modules.retrieval.lexical.analysis import ANALYSIS
from footnote.modules.retrieval.lexical.counting import count_terms, pack
from footnote.modules.retrieval.lexical.languages import analysis_language
from footnote.modules.retrieval.repository.sqlite_words import add_words, take_words
from footnote.platform.storage.sqlite import SqliteDatabase

SET = "INSERT OR REPLACE INTO chunk_terms (number, analysis, language, terms) VALUES (?, ?, ?, ?)"
OF_BUILD = """
SELECT chunk.header, chunk.text FROM chunk JOIN chunk_terms ON chunk_terms.number = chunk.number WHERE chunk.build = ?
"""
TENANT = "SELECT tenant, language FROM build WHERE number = ?"
MISSING = """
SELECT chunk.number, chunk.header, chunk.text, build.tenant, build.language, chunk_terms.number IS NULL AS is_new
FROM chunk JOIN build ON build.number = chunk.build
LEFT JOIN chunk_terms ON chunk_terms.number = chunk.number
WHERE chunk.number > :after AND chunk.kind <> 'parent' AND chunk_terms.analysis IS NOT :analysis
ORDER BY chunk.number LIMIT :limit
"""
BATCH = 256  # chunks: others wait for the transaction that counts them


class Searched(NamedTuple):
    """What is searched of a chunk by words."""

    number: int
    header: str
    text: str

    @property
    def whole(self) -> str:
        return f"{self.header}\n{self.text}"


def add_terms(connection: sqlite3.Connection, tenant: str, language: str | None, chunks: Sequence[Searched]) -> None:
    _set_terms(connection, language, chunks)
    add_words(connection, tenant, [chunk.whole for chunk in chunks])


def change_terms(connection: sqlite3.Connection, build: int, changes: Sequence[tuple[Searched, str]]) -> None:
    """Of chunks as they were, each with its new header."""
    row = connection.execute(TENANT, (build,)).fetchone()
    take_words(connection, row["tenant"], [before.whole for before, _ in changes])
    after = [before._replace(header=header) for before, header in changes]
    add_terms(connection, row["tenant"], row["language"], after)


def forget_words(connection: sqlite3.Connection, build: int) -> None:
    """Before its chunks are deleted; their terms go with them."""
    rows = connection.execute(OF_BUILD, (build,)).fetchall()
    tenant = connection.execute(TENANT, (build,)).fetchone()["tenant"]
    take_words(connection, tenant, [f"{row['header']}\n{row['text']}" for row in rows])


async def fill_terms(database: SqliteDatabase) -> int:
    """Count the terms of all chunks that have none of this version, batch by batch; how many there were.

    It may be cut off anywhere: searches analyse such chunks themselves, when they load them.
    """
    total = after = 0
    while rows := await database.read(partial(missing, after=after)):
        async with database.transaction() as tx:
            await tx.run(partial(_fill, after=after))
        total, after = total + len(rows), rows[-1]["number"]
    return total


def missing(connection: sqlite3.Connection, after: int) -> list[sqlite3.Row]:
    """Chunks by number, greater than `after`, that have no terms, or those of another version of the analysis."""
    return connection.execute(MISSING, {"analysis": ANALYSIS, "after": after, "limit": BATCH}).fetchall()


def _fill(connection: sqlite3.Connection, after: int) -> None:
    for row in missing(connection, after):
        chunk = Searched(row["number"], row["header"], row["text"])
        _set_terms(connection, row["language"], [chunk])
        if row["is_new"]:
            add_words(connection, row["tenant"], [chunk.whole])


def _set_terms(connection: sqlite3.Connection, language: str | None, chunks: Sequence[Searched]) -> None:
    partition = analysis_language(language)
    rows = [
        (chunk.number, ANALYSIS, partition, pack(count_terms(chunk.header, chunk.text, language))) for chunk in chunks
    ]
    connection.executemany(SET, rows)
