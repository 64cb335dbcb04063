"""How many bytes a chunk takes in each store, for the study of scale in the README of retrieval.

    python scripts/measure_chunk_bytes.py [--chunks N] [--dimension N] [--mongodb URI]

Chunks are made up from words and have headings, a page, boxes and embeddings of tokens as real ones do. Of SQLite it
counts the pages of each table and index, of MongoDB the BSON of documents, before the server compresses them, and what
the server says it keeps: codes of terms only where it has no search of its own.
"""

import argparse
import asyncio
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import bson
import numpy as np

from footnote.config.migrations import MIGRATIONS, MONGO_MIGRATIONS
from footnote.modules.retrieval import Box, Build, Card, Chunk, ChunkIndex
from footnote.modules.retrieval.repository.mongo import IndexOptions, MongoIndex
from footnote.modules.retrieval.repository.mongo_filters import facets
from footnote.modules.retrieval.repository.mongo_rows import Vectors, chunk_rows
from footnote.modules.retrieval.repository.mongo_tokens import TOKENS as TOKENS_OF_CHUNKS
from footnote.modules.retrieval.repository.mongo_tokens import token_row
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.platform.inference import Embeddings
from footnote.platform.storage import Storage, migrations, mongo_migrations
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.sqlite import SqliteDatabase

MODEL = "local:all-MiniLM-L6-v2:int8"
LANGUAGE = "en"
TOKENS = 154  # of a chunk in the mean, with as many numbers each as the local model's are cut down to
OF_TOKEN = 256
PARTS = ("size", "storageSize", "totalIndexSize")
WORDS = 180  # about 250 tokens of English, what chunks have at most
PER_DOCUMENT = 50
SIZES = "SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name HAVING bytes > 8192 ORDER BY bytes DESC"


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--chunks", type=int, default=2000)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--mongodb", metavar="URI")
    asyncio.run(measure(parser.parse_args()))


async def measure(options: argparse.Namespace) -> None:
    measure_bson(options.dimension)
    with tempfile.TemporaryDirectory() as folder:
        await measure_sqlite(Path(folder), options.chunks, options.dimension)
    for form in get_args(Vectors) if options.mongodb else ():
        await measure_mongodb(options.mongodb, form, options.chunks, options.dimension)


def measure_bson(dimension: int) -> None:
    build, card = described("d0")
    chunk, row = made_chunks(1)[0], made_embeddings(1, dimension)
    for form in get_args(Vectors):
        [document] = chunk_rows("key", build, card.title, [chunk], row, form)
        whole = {**document, **facets(card)}
        vector = {name: value for name, value in whole.items() if name.startswith("vector_")}
        print(f"BSON of a chunk, vector {form}: {size(whole)} bytes, of which the vector {size(vector)}")
    print(f"  text {len(chunk.text.encode())}, what it is filtered by {size(facets(card))}")
    [coded] = chunk_rows("key", build, card.title, [chunk], row, "float32", LANGUAGE)
    print(f"  more where there is no search: codes of terms {size(coded) - size(document_of(build, card, chunk, row))}")
    print(f"  beside it: embeddings of {TOKENS} tokens {size(token_row(coded, MODEL, made_tokens(1)[0]))}")


def document_of(build: Build, card: Card, chunk: Chunk, row: Embeddings) -> dict[str, Any]:
    [document] = chunk_rows("key", build, card.title, [chunk], row, "float32")
    return document


def size(document: dict[str, Any]) -> int:
    return len(bson.encode(document))


async def measure_sqlite(folder: Path, chunks: int, dimension: int) -> None:
    database = await SqliteDatabase.open(folder / "footnote.db")
    await migrations.migrate(database, MIGRATIONS)
    await fill(SqliteIndex(database, embedding=MODEL, dimension=dimension), database, chunks, dimension)
    print(f"SQLite: {(folder / 'footnote.db').stat().st_size / chunks:.0f} bytes a chunk in the file, of which")
    for row in await database.read(lambda connection: connection.execute(SIZES).fetchall()):
        print(f"  {row['name']}: {row['bytes'] / chunks:.0f}")
    await database.close()


async def measure_mongodb(uri: str, form: Vectors, chunks: int, dimension: int) -> None:
    database = await MongoDatabase.open(uri, name=f"footnote_measure_{uuid4().hex[:8]}")
    try:
        await mongo_migrations.migrate(database, MONGO_MIGRATIONS)
        options = IndexOptions(vectors=form)
        await fill(
            MongoIndex(database, embedding=MODEL, dimension=dimension, options=options), database, chunks, dimension
        )
        for name in ("chunk", TOKENS_OF_CHUNKS):
            [row] = await database.collection(name).aggregate([{"$collStats": {"storageStats": {}}}])
            kept = [f"{part} {row['storageStats'].get(part, 0) / chunks:.0f}" for part in PARTS]
            print(f"MongoDB, vector {form}, {name}:", *kept)
    finally:
        await database.drop()
        await database.close()


async def fill(index: ChunkIndex, storage: Storage, chunks: int, dimension: int) -> None:
    for number, group in enumerate(grouped(made_chunks(chunks))):
        build, card = described(f"d{number}")
        async with storage.transaction() as tx:
            embeddings, tokens = made_embeddings(len(group), dimension), made_tokens(len(group))
            await index.write(tx, build, card.title, group, embeddings, tokens)
            await index.publish(tx, build, card, 1)


def grouped(chunks: list[Chunk]) -> Iterator[list[Chunk]]:
    return (chunks[at : at + PER_DOCUMENT] for at in range(0, len(chunks), PER_DOCUMENT))


def described(document_id: str) -> tuple[Build, Card]:
    build = Build(id=uuid4().hex, tenant="acme", document_id=document_id, version=1, embedding=MODEL, language=LANGUAGE)
    card = Card(
        tenant="acme",
        document_id=document_id,
        owner="ann",
        readers=("group:legal", "group:research"),
        title="Report of the third quarter.pdf",
        media_type="application/pdf",
        language=LANGUAGE,
        metadata={"year": 2026, "department": "research", "final": True},
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    return build, card


def made_chunks(count: int) -> list[Chunk]:
    chance = random.Random(4)
    known = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(20_000)]
    texts = [" ".join(chance.choices(known, k=WORDS)) for _ in range(count)]
    boxes = tuple(Box(page=3, x0=72.0, y0=80.5 + 12 * line, x1=523.25, y1=92.5 + 12 * line) for line in range(3))
    return [
        Chunk(
            start=place * 1200,
            end=place * 1200 + len(text),
            text=text,
            tokens=250,
            heading_path=("Results", "By region"),
            pages=(3,),
            boxes=boxes,
        )
        for place, text in enumerate(texts)
    ]


def made_embeddings(count: int, dimension: int) -> Embeddings:
    rows = np.random.default_rng(4).standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def made_tokens(count: int) -> Sequence[Embeddings]:
    states: Sequence[Embeddings] = [*np.random.default_rng(5).standard_normal((count, TOKENS, OF_TOKEN), np.float32)]
    return states


if __name__ == "__main__":
    main()
