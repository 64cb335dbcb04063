"""An index of few dimensions, and documents to put into it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from footnote.modules.retrieval import Build, Card, Chunk, Passage
from footnote.modules.retrieval.filters import Filter
from footnote.modules.retrieval.fusion import single
from footnote.modules.retrieval.repository import IndexRepository, Probe
from footnote.modules.retrieval.repository.schema import MIGRATIONS
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

MODEL = "test:letters"
DIMENSION = 4
ANN = Principal(tenant="acme", subject="ann")


def unit(*values: float) -> Embeddings:
    embedding = np.zeros(DIMENSION, np.float32)
    embedding[: len(values)] = values
    return embedding / np.float32(np.linalg.norm(embedding))


@dataclass(frozen=True)
class Store:
    """One index and the storage whose transactions it takes; `again` opens both anew, as another process would."""

    index: IndexRepository
    storage: Storage
    again: Callable[[], Awaitable["Store"]]

    async def add(
        self,
        document_id: str,
        *texts: str,
        embeddings: Sequence[Embeddings] | None = None,
        build_id: str = "b1",
        fence: int = 1,
        model: str = MODEL,
        **card: Any,
    ) -> Build:
        described = card_of(document_id, **card)
        build = Build(id=build_id, tenant=described.tenant, document_id=document_id, version=1, embedding=model)
        await self.write(build, *texts, embeddings=embeddings, title=described.title)
        await self.publish(build, described, fence)
        return build

    async def write(
        self, build: Build, *texts: str, embeddings: Sequence[Embeddings] | None = None, title: str = ""
    ) -> None:
        rows = embeddings if embeddings is not None else [unit(1.0)] * len(texts)
        await self.index.write(build, title, chunks_of(texts), np.array(rows, np.float32).reshape(-1, DIMENSION))

    async def publish(self, build: Build, card: Card, fence: int = 1) -> None:
        async with self.storage.transaction() as tx:
            await self.index.publish(tx, build, card, fence)

    async def describe(self, card: Card) -> None:
        async with self.storage.transaction() as tx:
            await self.index.describe(tx, card)

    async def remove(self, document_id: str, tenant: str = "acme") -> tuple[int, int]:
        async with self.storage.transaction() as tx:
            removed = await self.index.remove(tx, tenant, document_id)
        return removed.builds, removed.chunks

    async def lexical(self, text: str, principal: Principal = ANN, *, depth: int = 100) -> tuple[Passage, ...]:
        probe = Probe(embedding=None, text=text, filter=None, depth=depth)
        return await self.index.search(principal, probe, single(1000), Stages())

    async def dense(
        self,
        embedding: Embeddings,
        principal: Principal = ANN,
        *,
        depth: int = 100,
        admits: Filter | None = None,
    ) -> tuple[Passage, ...]:
        probe = Probe(embedding=embedding, text=None, filter=admits, depth=depth)
        return await self.index.search(principal, probe, single(1000), Stages())


def chunks_of(texts: Sequence[str]) -> list[Chunk]:
    """Chunks that follow each other as if the texts were joined."""
    starts = np.cumsum([0, *(len(text) for text in texts)])
    return [
        Chunk(start=int(start), end=int(start) + len(text), text=text, tokens=1)
        for start, text in zip(starts, texts, strict=False)
    ]


def card_of(document_id: str, **changes: Any) -> Card:
    described = {
        "tenant": "acme",
        "document_id": document_id,
        "owner": "ann",
        "readers": (),
        "title": document_id,
        "media_type": "text/plain",
        "language": "en",
        "metadata": {},
        "created_at": datetime(2024, 1, 1, tzinfo=UTC),
    }
    return Card(**{**described, **changes})


@pytest.fixture(params=["sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    databases: list[SqliteDatabase] = []

    async def opened() -> Store:
        database = await SqliteDatabase.open(tmp_path / "index.db", synchronous="off")
        databases.append(database)
        return Store(SqliteIndex(database, embedding=MODEL, dimension=DIMENSION), database, opened)

    first = await opened()
    await migrate(databases[0], {"retrieval": MIGRATIONS})
    yield first
    for database in databases:
        await database.close()
