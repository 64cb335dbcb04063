"""Published chunks out of SQLite, as segments."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from footnote.modules.retrieval.lexical.analysis import ANALYSIS
from footnote.modules.retrieval.lexical.counting import count_terms, pack
from footnote.modules.retrieval.lexical.languages import analysis_language
from footnote.modules.retrieval.repository.memory.analysed import Languages, analysed
from footnote.modules.retrieval.repository.memory.dense import Vectors
from footnote.modules.retrieval.repository.memory.segments import FEW, Segment
from footnote.modules.retrieval.repository.memory.sparse import Floats, Integers, Postings
from footnote.modules.retrieval.repository.writing import EMBEDDING_TYPE
from footnote.platform.inference import Embeddings

CHUNKS = """
SELECT chunk.number, chunk.build, chunk.start, coalesce(chunk_embedding.parent, chunk.number) AS read_as,
  chunk_terms.terms, chunk_terms.language,
  iif(chunk_terms.terms IS NULL, chunk.header, NULL) AS header,
  iif(chunk_terms.terms IS NULL, chunk.text, NULL) AS text,
  build.language AS own_language,
  CASE build.embedding WHEN :space THEN chunk_embedding.embedding ELSE coalesce(space_embedding.embedding, x'') END
  AS embedding
FROM json_each(:builds) AS wanted
JOIN build ON build.number = wanted.value
JOIN chunk ON chunk.build = build.number
JOIN chunk_embedding ON chunk_embedding.number = chunk.number
LEFT JOIN chunk_terms ON chunk_terms.number = chunk.number AND chunk_terms.analysis = :analysis
LEFT JOIN space_embedding ON space_embedding.number = chunk.number AND space_embedding.space = :space
"""
STORED = """
SELECT wanted.key AS place, coalesce(space_embedding.embedding, chunk_embedding.embedding) AS embedding
FROM json_each(:numbers) AS wanted
CROSS JOIN chunk_embedding ON chunk_embedding.number = wanted.value
LEFT JOIN space_embedding ON space_embedding.number = wanted.value AND space_embedding.space = :space
"""
OWN = """
SELECT wanted.key AS place, chunk_embedding.embedding
FROM json_each(:numbers) AS wanted
CROSS JOIN chunk_embedding ON chunk_embedding.number = wanted.value
"""
ANY_OF_SPACES = "SELECT 1 FROM space_embedding LIMIT 1"
ROWS_AT_ONCE = 1 << 15


class Space:
    """The embeddings that questions are compared with."""

    def __init__(self, name: str, dimension: int, *, is_held: bool = True) -> None:
        """They are in memory, unless `is_held` is false: then another store compares them."""
        self.name = name
        self.dimension = dimension
        self.is_held = is_held


def loaded(
    connection: sqlite3.Connection,
    space: Space,
    languages: Languages,
    builds: Mapping[int, int],
    comparable: Integers,
) -> Iterator[Segment]:
    """Segments of the chunks of `builds`, which gives each its document's code.

    Embeddings of documents whose codes are not `comparable` are left out, for a part of them might be there.
    """
    cursor = connection.execute(CHUNKS, {"space": space.name, "builds": json.dumps(list(builds)), "analysis": ANALYSIS})
    while batch := cursor.fetchmany(ROWS_AT_ONCE):
        documents = np.array([builds[row["build"]] for row in batch], np.int32)
        embeddings = _embeddings(batch, space.dimension) if space.is_held else np.ones((len(batch), 1), np.float32)
        embeddings[~np.isin(documents, comparable)] = 0
        terms = analysed(*_packed(batch), languages)
        yield Segment(
            numbers=np.array([row["number"] for row in batch], np.int64),
            starts=np.array([row["start"] for row in batch], np.int64),
            read_as=np.array([row["read_as"] for row in batch], np.int64),
            documents=documents,
            languages=terms.languages,
            lengths=terms.lengths,
            postings=Postings.of(terms.entries),
            vectors=Vectors.of(embeddings),
            floats=embeddings if space.is_held and len(batch) <= FEW else None,
        )


def stored_embeddings(connection: sqlite3.Connection, space: Space, numbers: Integers) -> Embeddings:
    """Those of chunks that are comparable in that space, float32 [numbers, dimension]; zero for what is not there."""
    values = {"numbers": json.dumps(numbers.tolist()), "space": space.name}
    several = connection.execute(ANY_OF_SPACES).fetchone()
    rows = connection.execute(STORED if several else OWN, values).fetchall()
    found = np.zeros((len(numbers), space.dimension), np.float32)
    places = [row["place"] for row in rows]
    found[places] = _embeddings(rows, space.dimension)
    return found


def _packed(batch: Sequence[sqlite3.Row]) -> tuple[list[bytes], list[str]]:
    """The packed terms of each chunk, and their language."""
    names = [row["language"] or analysis_language(row["own_language"]) for row in batch]
    packed = [
        pack(count_terms(row["header"], row["text"], name)) if row["terms"] is None else row["terms"]
        for row, name in zip(batch, names, strict=True)
    ]
    return packed, names


def _embeddings(batch: Sequence[sqlite3.Row], dimension: int) -> Floats:
    """Float32 [len(batch), dimension], zero for those of another length."""
    wanted = dimension * EMBEDDING_TYPE.itemsize
    blobs = [row["embedding"] if len(row["embedding"]) == wanted else bytes(wanted) for row in batch]
    return np.frombuffer(bytearray().join(blobs), EMBEDDING_TYPE).reshape(len(batch), dimension)
