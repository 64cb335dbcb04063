"""How long a search takes, beside the bare NumPy scan of the same embeddings in the same run.

    python scripts/bench_search.py [--chunks N]... [--queries N] [--rounds N] [--json]

Chunks are made up: words drawn by Zipf's law, embeddings at random. Every round asks all queries; what is shown is the
median of the rounds.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Literal

import numpy as np

from footnote.modules.retrieval import Build, Card, Chunk, SearchQuery
from footnote.modules.retrieval.repository.schema import MIGRATIONS
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.inference import Embeddings
from footnote.platform.principal import LOCAL
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

SIZES = (5_000, 100_000)
DIMENSION = 384
VOCABULARY = 50_000
COMMONEST = 100  # words that a question has as stop words, which are not searched
WORDS = (90, 190)  # of a chunk
QUERY_WORDS = (3, 8)
CHUNKS_OF_DOCUMENT = 20
DOCUMENTS_OF_TRANSACTION = 50
STAGES = ("total", "embed_query", "filter", "dense", "lexical", "fuse", "confirm")
SEED = 20_240_101


class RandomEmbedder:
    """Answers at once with a unit vector that depends on the text alone."""

    name = "bench:random"
    dimension = DIMENSION
    max_tokens = 256

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        return np.stack([unit_rows(np.random.default_rng(list(text.encode())), 1)[0] for text in texts])


def unit_rows(random: np.random.Generator, count: int) -> Embeddings:
    rows = random.standard_normal((count, DIMENSION), np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Language:
    """Words of letters, the commoner the shorter their number."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
        self._words = ["".join(random.choice(letters, length)) for length in random.integers(4, 11, VOCABULARY)]
        self._chances = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
        self._chances /= self._chances[-1]

    def text(self) -> str:
        count = int(self._random.integers(*WORDS))
        return " ".join(self._words[place] for place in self._draw(count))

    def question(self) -> str:
        count = int(self._random.integers(*QUERY_WORDS))
        rare = [place for place in self._draw(200) if place >= COMMONEST]
        return " ".join(self._words[place] for place in rare[:count])

    def _draw(self, count: int) -> Any:
        return np.searchsorted(self._chances, self._random.random(count))


def documents(random: np.random.Generator, chunks: int) -> Iterator[tuple[Build, Card, list[Chunk], Embeddings]]:
    language = Language(random)
    for number in range(chunks // CHUNKS_OF_DOCUMENT):
        name = f"d{number:06}"
        build = Build(id="b", tenant=LOCAL.tenant, document_id=name, version=1, embedding=RandomEmbedder.name)
        card = Card(
            tenant=LOCAL.tenant,
            document_id=name,
            owner=LOCAL.subject,
            readers=(),
            title=language.question(),
            media_type="text/plain",
            language="en",
            metadata={},
            created_at=datetime(2024, 1, 1, tzinfo=UTC),
        )
        texts = [language.text() for _ in range(CHUNKS_OF_DOCUMENT)]
        made = [
            Chunk(start=place * 2000, end=place * 2000 + len(text), text=text, tokens=200)
            for place, text in enumerate(texts)
        ]
        yield build, card, made, unit_rows(random, CHUNKS_OF_DOCUMENT)


async def fill(database: SqliteDatabase, index: SqliteIndex, chunks: int) -> Embeddings:
    """All embeddings, as the reference searches them."""
    embeddings = []
    for build, card, made, rows in documents(np.random.default_rng(SEED), chunks):
        async with database.transaction() as tx:
            await index.write(tx, build, card.title, made, rows)
            await index.publish(tx, build, card, fence=1)
        embeddings.append(rows)
    return np.concatenate(embeddings)


def scan(matrix: Embeddings, query: Embeddings, count: int) -> Any:
    scores = matrix @ query
    best = np.argpartition(scores, -count)[-count:]
    return best[np.argsort(-scores[best])]


async def round_of(service: RetrievalService, matrix: Embeddings, questions: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds of every stage for each question."""
    measured: dict[str, list[float]] = {stage: [] for stage in (*STAGES, "numpy_scan")}
    for question in questions:
        found = await service.search(LOCAL, SearchQuery(text=question))
        for stage in STAGES:
            measured[stage].append(found.timings_ms[stage])
        [query] = await RandomEmbedder().embed([question], kind="query")
        began = perf_counter()
        scan(matrix, query, 10)
        measured["numpy_scan"].append((perf_counter() - began) * 1000)
    return measured


def summary(rounds: Sequence[dict[str, list[float]]]) -> dict[str, dict[str, float]]:
    return {
        stage: {
            f"p{share}": round(median(float(np.percentile(each[stage], share)) for each in rounds), 2)
            for share in (50, 95)
        }
        for stage in rounds[0]
    }


async def measure(chunks: int, queries: int, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        database = await SqliteDatabase.open(Path(folder) / "bench.db", synchronous="off")
        try:
            await migrate(database, {"retrieval": MIGRATIONS})
            index = SqliteIndex(database, embedding=RandomEmbedder.name, dimension=DIMENSION)
            began = perf_counter()
            matrix = await fill(database, index, chunks)
            filled = perf_counter()
            await index.refresh()
            loaded = perf_counter()
            service = RetrievalService(index, RandomEmbedder())
            language = Language(np.random.default_rng(SEED))
            questions = [language.question() for _ in range(queries)]
            await round_of(service, matrix, questions[:3])
            milliseconds = summary([await round_of(service, matrix, questions) for _ in range(rounds)])
        finally:
            await database.close()
    return {
        "chunks": chunks,
        "seconds": {"write": round(filled - began, 1), "load": round(loaded - filled, 2)},
        "milliseconds": milliseconds,
    }


def table(measurements: Sequence[dict[str, Any]]) -> str:
    lines = ["| chunks | stage | p50 ms | p95 ms |", "| ---: | --- | ---: | ---: |"]
    lines += [
        f"| {measured['chunks']:,} | {stage} | {shares['p50']:.2f} | {shares['p95']:.2f} |"
        for measured in measurements
        for stage, shares in measured["milliseconds"].items()
    ]
    seconds = [
        f"{each['chunks']:,} chunks: written in {each['seconds']['write']} s, loaded in {each['seconds']['load']} s"
        for each in measurements
    ]
    return "\n".join([*lines, "", *seconds])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, action="append", help="5000 and 100000 unless given")
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sizes = options.chunks or SIZES
    measured = [asyncio.run(measure(size, options.queries, options.rounds)) for size in sizes]
    print(json.dumps({"sizes": measured}) if options.json else table(measured))


if __name__ == "__main__":
    main()
