"""Writing the chunk index in SQLite: each function is one step inside a transaction."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
import numpy as np

from footnote.modules.retrieval.errors import StaleFence
from footnote.modules.retrieval.models import Build, Card, Chunk, Kind, Removed
from footnote.modules.retrieval.ranking.late import encoded
from footnote.modules.retrieval.repository.places import Place, header
from footnote.modules.retrieval.repository.sqlite_terms import Searched, add_terms, change_terms, forget_words
from footnote.modules.retrieval.repository.sqlite_tokens import add_tokens
from footnote.platform.inference import Embeddings
from footnote.platform.turns import give_way

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EMBEDDING_TYPE = np.dtype("<f4")
PARENT_KIND: Kind = "parent"

ADD_BUILD = """
INSERT INTO build (tenant, document_id, id, version, embedding, language)
VALUES (:tenant, :document_id, :id, :version, :embedding, :language)
ON CONFLICT (tenant, document_id, id) DO UPDATE SET version = excluded.version RETURNING number
"""
WRITTEN = """
SELECT chunk.kind, chunk.start, chunk."end" FROM build JOIN chunk ON chunk.build = build.number
WHERE build.tenant = :tenant AND build.document_id = :document_id AND build.id = :id
"""
ADD_CHUNK = """
INSERT INTO chunk (build, id, kind, start, "end", tokens, header, text, place)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING number
"""
ADD_EMBEDDING = "INSERT INTO chunk_embedding (number, embedding, parent) VALUES (?, ?, ?)"
PARENT = """
SELECT number FROM chunk WHERE build = ? AND start = ? AND "end" = ? AND kind = 'parent'
"""
PUBLISH = """
INSERT INTO publication
VALUES (:tenant, :document_id, :build, :fence, :owner, :readers, :title, :media_type, :language, :metadata, :created_at)
ON CONFLICT (tenant, document_id) DO UPDATE SET
  build = excluded.build, fence = excluded.fence, owner = excluded.owner, readers = excluded.readers,
  title = excluded.title, media_type = excluded.media_type, language = excluded.language,
  metadata = excluded.metadata, created_at = excluded.created_at
WHERE publication.fence <= excluded.fence
"""
DESCRIBE = """
UPDATE publication SET
  owner = :owner, readers = :readers, title = :title, media_type = :media_type, language = :language,
  metadata = :metadata, created_at = :created_at
WHERE tenant = :tenant AND document_id = :document_id
RETURNING build
"""
HEADERS = """
SELECT number, header, text, place, EXISTS (SELECT 1 FROM chunk_terms WHERE number = chunk.number) AS has_terms
FROM chunk WHERE build = ?
"""
CHANGE_HEADER = "UPDATE chunk SET header = ? WHERE number = ?"
BUILDS = "SELECT number FROM build WHERE tenant = ? AND document_id = ? AND number IS NOT ?"
UNPUBLISH = "DELETE FROM publication WHERE tenant = ? AND document_id = ?"
DROP_CHUNKS = "DELETE FROM chunk WHERE build = ?"
DROP_BUILD = "DELETE FROM build WHERE number = ?"
# Replacing gives the document's row a new sequence, so the log stays as long as there were documents.
CHANGED = "INSERT OR REPLACE INTO index_change (tenant, document_id, kind) VALUES (?, ?, ?)"


def place_of(row: sqlite3.Row) -> Place:
    return msgspec.json.decode(row["place"], type=Place)


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def written(connection: sqlite3.Connection, build: Build) -> set[tuple[str, int, int]]:
    rows = connection.execute(WRITTEN, msgspec.structs.asdict(build))
    return {(row["kind"], row["start"], row["end"]) for row in rows}


def write(
    connection: sqlite3.Connection,
    build: Build,
    title: str,
    chunks: Sequence[Chunk],
    embeddings: Embeddings,
    tokens: Sequence[Embeddings] | None = None,
) -> None:
    number = _ensure_build(connection, build)
    for chunk in chunks:
        if chunk.kind == PARENT_KIND:
            _add(connection, number, build, title, chunk)
    children = [chunk for chunk in chunks if chunk.kind != PARENT_KIND]
    searched: list[Searched] = []
    of_tokens: Sequence[Embeddings | None] = tokens or [None] * len(children)
    stored = zip(children, np.ascontiguousarray(embeddings, EMBEDDING_TYPE), of_tokens, strict=True)
    for chunk, embedding, states in stored:
        give_way()
        added = _add(connection, number, build, title, chunk)
        if added:
            parent = _parent(connection, number, chunk.parent) if chunk.parent else None
            connection.execute(ADD_EMBEDDING, (added.number, embedding.tobytes(), parent))
            if states is not None:
                add_tokens(connection, added.number, build.embedding, encoded(states))
            searched.append(added)
    add_terms(connection, build.tenant, build.language, searched)


def publish(connection: sqlite3.Connection, build: Build, card: Card, fence: int) -> None:
    number = _ensure_build(connection, build)
    published = connection.execute(PUBLISH, {**_columns(card), "build": number, "fence": fence})
    if not published.rowcount:
        raise StaleFence(card.document_id, fence)
    _retitle(connection, number, card.title)
    _drop_builds(connection, card.tenant, card.document_id, kept=number)
    _log(connection, card.tenant, card.document_id, "published")


def describe(connection: sqlite3.Connection, card: Card) -> None:
    described = connection.execute(DESCRIBE, _columns(card)).fetchall()
    for row in described:
        _retitle(connection, row["build"], card.title)
        _log(connection, card.tenant, card.document_id, "described")


def remove(connection: sqlite3.Connection, tenant: str, document_id: str) -> Removed:
    unpublished = connection.execute(UNPUBLISH, (tenant, document_id)).rowcount
    removed = _drop_builds(connection, tenant, document_id, kept=None)
    if unpublished:
        _log(connection, tenant, document_id, "removed")
    return removed


def _add(connection: sqlite3.Connection, number: int, build: Build, title: str, chunk: Chunk) -> Searched | None:
    """What is searched of the chunk, if it was not there."""
    place = msgspec.convert(chunk, Place, from_attributes=True)
    span = (chunk.kind, chunk.start, chunk.end)
    heading = header(title, place)
    words = (chunk.tokens, heading, chunk.text, _json(place))
    added = connection.execute(ADD_CHUNK, (number, build.chunk_id(chunk), *span, *words)).fetchone()
    return Searched(added["number"], heading, chunk.text) if added else None


def _parent(connection: sqlite3.Connection, build: int, span: tuple[int, int]) -> int:
    row = connection.execute(PARENT, (build, *span)).fetchone()
    if row is None:
        raise ValueError(f"a chunk was written before its parent {span}")
    number: int = row["number"]
    return number


def _ensure_build(connection: sqlite3.Connection, build: Build) -> int:
    number: int = connection.execute(ADD_BUILD, msgspec.structs.asdict(build)).fetchone()["number"]
    return number


def _columns(card: Card) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(card),
        "readers": _json(card.readers),
        "metadata": _json(card.metadata),
        "created_at": microseconds(card.created_at),
    }


def _retitle(connection: sqlite3.Connection, build: int, title: str) -> None:
    rows = connection.execute(HEADERS, (build,)).fetchall()
    headers = [(header(title, place_of(row)), row) for row in rows]
    changed = [(text, row) for text, row in headers if text != row["header"]]
    connection.executemany(CHANGE_HEADER, [(text, row["number"]) for text, row in changed])
    change_terms(connection, build, [(_searched(row), text) for text, row in changed if row["has_terms"]])


def _searched(row: sqlite3.Row) -> Searched:
    return Searched(row["number"], row["header"], row["text"])


def _drop_builds(connection: sqlite3.Connection, tenant: str, document_id: str, *, kept: int | None) -> Removed:
    builds = connection.execute(BUILDS, (tenant, document_id, kept)).fetchall()
    for row in builds:
        forget_words(connection, row["number"])
    chunks = sum(connection.execute(DROP_CHUNKS, (row["number"],)).rowcount for row in builds)
    for row in builds:
        connection.execute(DROP_BUILD, (row["number"],))
    return Removed(builds=len(builds), chunks=chunks)


def _log(
    connection: sqlite3.Connection, tenant: str, document_id: str, kind: Literal["published", "described", "removed"]
) -> None:
    connection.execute(CHANGED, (tenant, document_id, kind))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
