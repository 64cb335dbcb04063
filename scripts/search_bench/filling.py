"""Fills a store fast: documents are published by the adapter, but the rows of their chunks are written directly."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from footnote.modules.retrieval import Build, Card, Chunk
from footnote.modules.retrieval.lexical.analysis import ANALYSIS
from footnote.modules.retrieval.lexical.counting import MOST, ChunkTerms, count_terms, pack
from footnote.modules.retrieval.lexical.languages import analysis_language
from footnote.modules.retrieval.repository import writing
from footnote.modules.retrieval.repository.schema import MIGRATIONS
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.platform.inference import Embeddings
from footnote.platform.principal import LOCAL
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase, sqlite
from search_bench.corpus import ADDED, BLOCK, CHUNKS_OF_DOCUMENT, DIMENSION, Corpus, KnownEmbedder

STORE, VECTORS, DONE = "bench.db", "vectors.npy", "filled"
LANGUAGE = None  # of made-up words
SHELVES = 100  # a filter for one of them keeps 1%
SPAN = 2_000  # characters from one chunk's start to the next one's

BUILD = "SELECT number FROM build WHERE tenant = ? AND document_id = ?"
LAST = "SELECT coalesce(max(number), 0) AS number FROM chunk"
CHUNK = """
INSERT INTO chunk (number, build, id, kind, start, "end", tokens, header, text, place)
VALUES (?, ?, ?, 'child', ?, ?, 200, ?, ?, '{}')
"""
EMBEDDING = "INSERT INTO chunk_embedding (number, embedding) VALUES (?, ?)"
TERMS = "INSERT INTO chunk_terms (number, analysis, language, terms) VALUES (?, ?, ?, ?)"
WORD = "INSERT INTO word (tenant, text, reversed, chunks) VALUES (?, ?, ?, ?)"


class Document(NamedTuple):
    build: Build
    card: Card


def name_of(number: int) -> str:
    return f"d{number:07}"


def document(number: int) -> Document:
    name = name_of(number)
    card = Card(
        tenant=LOCAL.tenant,
        document_id=name,
        owner=LOCAL.subject,
        readers=(),
        title=f"Title {name}",
        media_type="text/plain",
        language=LANGUAGE,
        metadata={"shelf": number % SHELVES},
        created_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    build = Build(id="b", tenant=LOCAL.tenant, document_id=name, version=1, embedding=KnownEmbedder.name)
    return Document(build, card)


async def opened(folder: Path) -> tuple[SqliteDatabase, SqliteIndex]:
    database = await SqliteDatabase.open(folder / STORE, synchronous="off")
    await migrate(database, {"retrieval": MIGRATIONS})
    return database, SqliteIndex(database, embedding=KnownEmbedder.name, dimension=DIMENSION, folder=folder / "index")


async def fill(folder: Path, chunks: int) -> None:
    """`chunks` is a multiple of the length of a document. Leaves a note of how many seconds reading all rows takes."""
    corpus, filling = Corpus(), Filling()
    vectors = np.lib.format.open_memmap(folder / VECTORS, "w+", np.float32, (chunks, DIMENSION))
    database, index = await opened(folder)
    try:
        for block, first in enumerate(range(0, chunks, BLOCK)):
            last = min(first + BLOCK, chunks)
            embeddings = corpus.embeddings(block)[: last - first]
            vectors[first:last] = embeddings
            texts = list(corpus.texts(block))[: last - first]
            async with database.transaction() as tx:
                await sqlite(tx).run(
                    lambda to, first=first, rows=embeddings, texts=texts: filling.add(to, corpus, first, rows, texts)
                )
        async with database.transaction() as tx:
            await sqlite(tx).run(lambda connection: filling.add_words(connection, corpus))
        began = perf_counter()
        await index.refresh()
        seconds = perf_counter() - began
        await asyncio.to_thread(index._published.background.wait)  # until the index is saved
    finally:
        await database.close()
    (folder / DONE).write_text(f"{seconds:.2f}")


class Filling:
    def __init__(self) -> None:
        self._terms: dict[int, np.uint64] = {}
        self._chunks_with: dict[int, int] = {}

    def add(
        self, connection: sqlite3.Connection, corpus: Corpus, first: int, embeddings: Embeddings, texts: Sequence[Any]
    ) -> None:
        for at in range(0, len(texts), CHUNKS_OF_DOCUMENT):
            added = slice(at, at + CHUNKS_OF_DOCUMENT)
            this = document((first + at) // CHUNKS_OF_DOCUMENT)
            writing.publish(connection, this.build, this.card, 1)
            self._add_chunks(connection, corpus, this, embeddings[added], texts[added])

    def _add_chunks(
        self, connection: sqlite3.Connection, corpus: Corpus, this: Document, rows: Embeddings, texts: Sequence[Any]
    ) -> None:
        build = connection.execute(BUILD, (this.card.tenant, this.card.document_id)).fetchone()["number"]
        number = connection.execute(LAST).fetchone()["number"]
        title = count_terms(this.card.title, "", LANGUAGE)
        for place, (row, words) in enumerate(zip(rows, texts, strict=True)):
            number += 1
            start, text = place * SPAN, corpus.text(words)
            end, chunk_id = start + len(text), f"{this.card.document_id}-{place}"
            connection.execute(CHUNK, (number, build, chunk_id, start, end, this.card.title, text))
            connection.execute(EMBEDDING, (number, row.tobytes()))
            terms = self._counted(corpus, title, words)
            connection.execute(TERMS, (number, ANALYSIS, analysis_language(LANGUAGE), pack(terms)))

    def add_words(self, connection: sqlite3.Connection, corpus: Corpus) -> None:
        """The vocabulary; titles, which are each of its own words, are left out."""
        used = [(corpus.words[number], chunks) for number, chunks in self._chunks_with.items()]
        chunks_with: dict[str, int] = {}
        for word, chunks in used:
            chunks_with[word] = chunks_with.get(word, 0) + chunks
        rows = [(LOCAL.tenant, word, word[::-1], chunks) for word, chunks in chunks_with.items()]
        connection.executemany(WORD, rows)

    def _counted(self, corpus: Corpus, title: ChunkTerms, words: Any) -> ChunkTerms:
        """As `count_terms` of title and text, each word analysed once for all chunks."""
        numbers, times = np.unique(words, return_counts=True)
        for number in numbers.tolist():
            self._chunks_with[number] = self._chunks_with.get(number, 0) + 1
        hashes = np.array([self._term(corpus, number) for number in numbers.tolist()], np.uint64)
        together, place = np.unique(np.concatenate([title.hashes, hashes]), return_inverse=True)
        header, text = np.zeros(len(together)), np.zeros(len(together))
        np.add.at(header, place[: len(title.hashes)], title.header)
        np.add.at(text, place[len(title.hashes) :], times)
        return ChunkTerms(together, *(np.minimum(counts, MOST).astype(np.uint8) for counts in (header, text)))

    def _term(self, corpus: Corpus, number: int) -> np.uint64:
        term = self._terms.get(number)
        if term is None:
            [term] = count_terms("", corpus.words[number], LANGUAGE).hashes
            self._terms[number] = term
        return term


def new_documents(corpus: Corpus, first: int, chunks: int) -> Iterator[tuple[Document, list[Chunk], Embeddings]]:
    """Documents that are not in the corpus, for the adapter to write; `first` is the number of the first."""
    embeddings, texts = corpus.embeddings(ADDED + first, chunks), list(corpus.texts(ADDED + first, chunks))
    for at in range(0, chunks, CHUNKS_OF_DOCUMENT):
        made = [corpus.text(words) for words in texts[at : at + CHUNKS_OF_DOCUMENT]]
        pieces = [
            Chunk(start=place * SPAN, end=place * SPAN + len(text), text=text, tokens=200)
            for place, text in enumerate(made)
        ]
        yield document(first + at // CHUNKS_OF_DOCUMENT), pieces, embeddings[at : at + CHUNKS_OF_DOCUMENT]


async def add(
    database: SqliteDatabase, index: SqliteIndex, documents: Sequence[tuple[Document, list[Chunk], Embeddings]]
) -> None:
    """As ingestion does: one transaction a document."""
    for this, chunks, embeddings in documents:
        async with database.transaction() as tx:
            await index.write(tx, this.build, this.card.title, chunks, embeddings)
            await index.publish(tx, this.build, this.card, fence=1)


async def remove(
    database: SqliteDatabase, index: SqliteIndex, documents: Sequence[tuple[Document, list[Chunk], Embeddings]]
) -> None:
    for this, _, _ in documents:
        async with database.transaction() as tx:
            await index.remove(tx, this.card.tenant, this.card.document_id)
