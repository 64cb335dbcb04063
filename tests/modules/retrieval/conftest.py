"""An index of few dimensions, and documents to put into it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

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
EAST = (1.0, 0.0, 0.0, 0.0)


class LetterEmbedder:
    """An embedding counts the letters a, b, c and d."""

    name = MODEL
    dimension = DIMENSION
    max_tokens = 256

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        raw = [text.encode() for text in texts]  # as a real tokenizer, it takes no lone surrogates
        counts = np.array([[text.count(letter) + 1e-3 for letter in b"abcd"] for text in raw], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


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
        embeddings: Sequence[Sequence[float]] | None = None,
        build_id: str = "b1",
        fence: int = 1,
        model: str = MODEL,
        **described: Any,
    ) -> Build:
        card = self.card(document_id, **described)
        build = self.build(document_id, id=build_id, tenant=card.tenant, embedding=model)
        await self.write(build, *texts, embeddings=embeddings, title=card.title)
        await self.publish(build, card, fence)
        return build

    async def write(
        self, build: Build, *texts: str, embeddings: Sequence[Sequence[float]] | None = None, title: str = ""
    ) -> None:
        rows = np.array(embeddings or [EAST] * len(texts), np.float32).reshape(-1, DIMENSION)
        async with self.storage.transaction() as tx:
            await self.index.write(tx, build, title, chunks_of(texts), rows)

    async def publish(self, build: Build, card: Card, fence: int = 1) -> None:
        async with self.storage.transaction() as tx:
            await self.index.publish(tx, build, card, fence)

    async def describe(self, document_id: str, **described: Any) -> None:
        async with self.storage.transaction() as tx:
            await self.index.describe(tx, self.card(document_id, **described))

    async def remove(self, document_id: str, tenant: str = "acme") -> tuple[int, int]:
        async with self.storage.transaction() as tx:
            removed = await self.index.remove(tx, tenant, document_id)
        return removed.builds, removed.chunks

    async def words(
        self, text: str, principal: Principal = ANN, *, depth: int = 100, admits: Filter | None = None
    ) -> tuple[Passage, ...]:
        return await self._search(principal, Probe(embedding=None, text=text, filter=admits, depth=depth))

    async def near(
        self,
        embedding: Sequence[float] = EAST,
        principal: Principal = ANN,
        *,
        depth: int = 100,
        admits: Filter | None = None,
    ) -> tuple[Passage, ...]:
        query = np.array(embedding, np.float32)
        return await self._search(principal, Probe(embedding=query, text=None, filter=admits, depth=depth))

    async def _search(self, principal: Principal, probe: Probe) -> tuple[Passage, ...]:
        return await self.index.search(principal, probe, single(1000), Stages())

    @staticmethod
    def build(document_id: str, **changes: Any) -> Build:
        made = {"id": "b1", "tenant": "acme", "document_id": document_id, "version": 1, "embedding": MODEL}
        return Build(**(made | changes))

    @staticmethod
    def card(document_id: str, **changes: Any) -> Card:
        described = {
            "tenant": "acme",
            "document_id": document_id,
            "owner": "ann",
            "readers": (),
            "title": "",
            "media_type": "text/plain",
            "language": "en",
            "metadata": {},
            "created_at": datetime(2024, 1, 1, tzinfo=UTC),
        }
        return Card(**(described | changes))


def chunks_of(texts: Sequence[str]) -> list[Chunk]:
    """Chunks that follow each other as if the texts were joined."""
    starts = [sum(map(len, texts[:place])) for place in range(len(texts))]
    return [
        Chunk(start=start, end=start + len(text), text=text, tokens=1)
        for start, text in zip(starts, texts, strict=True)
    ]


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


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()
