"""The lists of the two stages, each from one moment of the index."""

import sqlite3

import numpy as np

from footnote.modules.retrieval.filters import Filter
from footnote.modules.retrieval.repository import Hit
from footnote.modules.retrieval.repository.conditions import condition
from footnote.modules.retrieval.repository.published import View
from footnote.modules.retrieval.repository.rows import Flags, Integers
from footnote.modules.retrieval.repository.terms import HEADER_WEIGHT, TEXT_WEIGHT, match_expression
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal

DECIMALS = 6

# The blob has a byte for each chunk, 1 if it may be found. It is looked up before BM25 is computed, so that what may
# not be found is neither ranked nor counted in the limit.
MATCHING = """
SELECT rowid AS number, -bm25(chunk_text, :header_weight, :text_weight) AS score FROM chunk_text
WHERE chunk_text MATCH :words AND substr(:findable, rowid, 1) = x'01'
ORDER BY score DESC, rowid LIMIT :depth
"""
ADMITTED = "SELECT document_id FROM publication WHERE tenant = ? AND "


def findable_rows(connection: sqlite3.Connection, view: View, principal: Principal, admits: Filter | None) -> Flags:
    """For each row, whether `principal` may read it and `admits` holds."""
    documents = view.readable(principal)
    if admits is not None:
        documents &= _admitted(connection, view, principal.tenant, admits)
    return documents[view.rows.documents[: view.rows.size]]


def dense_hits(view: View, findable: Flags, embedding: Embeddings, depth: int) -> list[Hit]:
    """The `depth` findable rows of greatest cosine, by exact search."""
    rows = view.rows
    findable = findable & view.comparable[rows.documents[: rows.size]]
    depth = min(depth, int(np.count_nonzero(findable)))
    if not depth:
        return []
    # Not `@`: it splits one query over the cores, which is slower as soon as other work has one of them.
    scores = np.round(np.einsum("ij,j->i", rows.embeddings[: rows.size], embedding), DECIMALS)
    scores[~findable] = -np.inf
    threshold = np.partition(scores, rows.size - depth)[rows.size - depth]
    chosen = np.flatnonzero(scores >= threshold)
    return _hits(view, chosen, scores[chosen])[:depth]


def lexical_hits(connection: sqlite3.Connection, view: View, findable: Flags, text: str, depth: int) -> list[Hit]:
    """The `depth` findable rows of greatest BM25 for any word of `text`."""
    words = match_expression(text)
    numbers = view.rows.numbers[: view.rows.size][findable]
    if words is None or not len(numbers):
        return []
    values = {
        "words": words,
        "findable": _bytemap(numbers),
        "depth": depth,
        "header_weight": HEADER_WEIGHT,
        "text_weight": TEXT_WEIGHT,
    }
    found = np.array([tuple(row) for row in connection.execute(MATCHING, values)]).reshape(-1, 2)
    return _hits(view, view.rows.positions(found[:, 0].astype(np.int64)), found[:, 1])


def _admitted(connection: sqlite3.Connection, view: View, tenant: str, admits: Filter) -> Flags:
    sql, values = condition(admits)
    found = {row["document_id"] for row in connection.execute(ADMITTED + sql, [tenant, *values])}
    return np.array([document_id in found for document_id in view.document_ids[: len(view.builds)]])


def _bytemap(numbers: Integers) -> bytes:
    """A byte for each chunk number from 1: 1 for those of `numbers`."""
    flags = np.zeros(int(numbers.max()), np.uint8)
    flags[numbers - 1] = 1
    return flags.tobytes()


def _hits(view: View, rows: Integers, scores: np.ndarray) -> list[Hit]:
    columns = view.rows
    found = zip(
        columns.numbers[rows].tolist(),
        columns.read_as[rows].tolist(),
        [view.document_ids[document] for document in columns.documents[rows]],
        columns.starts[rows].tolist(),
        [round(score, DECIMALS) for score in scores.tolist()],
        strict=True,
    )
    return sorted((Hit(*each) for each in found), key=lambda hit: (-hit.score, hit.document_id, hit.start))
