"""The vocabulary of each tenant in SQLite: every word that a chunk has, and how many chunks have it."""

import sqlite3
from collections import Counter
from collections.abc import Iterable

from footnote.modules.retrieval.lexical.spelling import halves, swapped
from footnote.modules.retrieval.lexical.words import words_of

ADD = """
INSERT INTO word (tenant, text, reversed, chunks) VALUES (?, ?, ?, ?)
ON CONFLICT (tenant, text) DO UPDATE SET chunks = chunks + excluded.chunks
"""
TAKE = "UPDATE word SET chunks = chunks - ? WHERE tenant = ? AND text = ?"
FORGET = "DELETE FROM word WHERE tenant = ? AND text = ? AND chunks <= 0"
BEGINNING = "SELECT text FROM word WHERE tenant = :tenant AND text >= :part AND text < :beyond"
ENDING = "SELECT text FROM word WHERE tenant = :tenant AND reversed >= :part AND reversed < :beyond"
SAME = "SELECT text FROM word WHERE tenant = :tenant AND text = :part"
LAST = "\U0010ffff"


class SqliteWords:
    def __init__(self, connection: sqlite3.Connection, tenant: str) -> None:
        self._connection = connection
        self._tenant = tenant

    def near(self, word: str) -> Iterable[str]:
        first, second = halves(word)
        for statement, part in ((BEGINNING, first), (ENDING, second[::-1]), (SAME, swapped(word))):
            values = {"tenant": self._tenant, "part": part, "beyond": part + LAST}
            yield from (row["text"] for row in self._connection.execute(statement, values))


def add_words(connection: sqlite3.Connection, tenant: str, texts: Iterable[str]) -> None:
    """Those of chunks that are new; a text is the whole of what is searched of one chunk."""
    counts = _counted(texts)
    connection.executemany(ADD, [(tenant, word, word[::-1], chunks) for word, chunks in counts.items()])


def take_words(connection: sqlite3.Connection, tenant: str, texts: Iterable[str]) -> None:
    """Those of chunks that go."""
    counts = _counted(texts)
    connection.executemany(TAKE, [(chunks, tenant, word) for word, chunks in counts.items()])
    connection.executemany(FORGET, [(tenant, word) for word in counts])


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in words_of(text))
