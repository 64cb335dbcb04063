"""The embeddings of the tokens of chunks in SQLite, as codes."""

import json
import sqlite3
from collections.abc import Sequence

# The codes of other models stay beside those that searches ask for, and are deleted with their chunk.
ADD = "INSERT OR REPLACE INTO chunk_tokens (number, space, codes) VALUES (?, ?, ?)"
STORED = """
SELECT number, codes FROM json_each(:numbers) AS wanted CROSS JOIN chunk_tokens ON number = wanted.value
WHERE space = :space
"""


def add_tokens(connection: sqlite3.Connection, number: int, space: str, codes: bytes) -> None:
    connection.execute(ADD, (number, space, codes))


def stored_tokens(connection: sqlite3.Connection, space: str, numbers: Sequence[int]) -> list[bytes | None]:
    """In the order of `numbers`; None where a chunk has none of that space."""
    rows = connection.execute(STORED, {"numbers": json.dumps(list(numbers)), "space": space})
    by_number: dict[int, bytes] = {row["number"]: row["codes"] for row in rows}
    return [by_number.get(number) for number in numbers]
