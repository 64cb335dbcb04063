"""Other indexes over the same vectors, where they are installed: `pip install --group bench`."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

import numpy as np

from footnote.platform.inference import Embeddings
from search_bench.corpus import DIMENSION, Asked
from search_bench.measuring import TOP, mean, recall, scan, shares

Search = Callable[[Embeddings], Sequence[int]]
Build = Callable[[Embeddings, str], Search]

ADDED_AT_ONCE = 5_000
NEIGHBOURS = 32  # of a vector in the graph


def faiss_flat(matrix: Embeddings, folder: str) -> Search:
    import faiss

    index = faiss.IndexFlatIP(DIMENSION)
    index.add(matrix)
    return lambda query: index.search(query[None], TOP)[1][0].tolist()


def faiss_hnsw(matrix: Embeddings, folder: str) -> Search:
    import faiss

    index = faiss.IndexHNSWFlat(DIMENSION, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efSearch = 64
    index.add(matrix)
    return lambda query: index.search(query[None], TOP)[1][0].tolist()


def lancedb(matrix: Embeddings, folder: str) -> Search:
    """Without an index, as it is until one is asked for: exact."""
    import lancedb
    import pyarrow

    column = pyarrow.FixedSizeListArray.from_arrays(matrix.ravel(), DIMENSION)
    rows = pyarrow.table({"number": np.arange(len(matrix)), "vector": column})
    table = lancedb.connect(folder).create_table("chunks", rows)

    def search(query: Embeddings) -> Sequence[int]:
        found = table.search(query).distance_type("cosine").select(["number", "_distance"]).limit(TOP).to_arrow()
        return found["number"].to_pylist()

    return search


def chroma(matrix: Embeddings, folder: str) -> Search:
    import chromadb

    client = chromadb.PersistentClient(folder, chromadb.Settings(anonymized_telemetry=False))
    chunks = client.create_collection("chunks", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None)
    for first in range(0, len(matrix), ADDED_AT_ONCE):
        rows = matrix[first : first + ADDED_AT_ONCE]
        chunks.add([str(first + place) for place in range(len(rows))], rows)

    def search(query: Embeddings) -> Sequence[int]:
        return [int(each) for each in chunks.query(query[None], n_results=TOP, include=[])["ids"][0]]

    return search


PEERS: dict[str, Build] = {"FAISS flat": faiss_flat, "FAISS HNSW": faiss_hnsw, "LanceDB": lancedb, "Chroma": chroma}


def peers(matrix: Embeddings, questions: Sequence[Asked]) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Dense search alone: seconds of building, latency and recall, or why there is none."""
    nearest = [scan(matrix, asked.embedding).tolist() for asked in questions]
    for name, build in PEERS.items():
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                began = perf_counter()
                search = build(matrix, folder)
            except ImportError as missing:
                yield name, f"skipped: {missing.name} is not installed"
                continue
            yield name, {"build s": round(perf_counter() - began, 1), **_measured(search, questions, nearest)}


def _measured(search: Search, questions: Sequence[Asked], nearest: Sequence[Sequence[int]]) -> dict[str, Any]:
    search(questions[0].embedding)
    milliseconds, recalls = [], []
    for asked, expected in zip(questions, nearest, strict=True):
        began = perf_counter()
        found = search(asked.embedding)
        milliseconds.append((perf_counter() - began) * 1000)
        recalls.append(recall(found, expected))
    return {**shares(milliseconds), "recall@10": mean(recalls)}
