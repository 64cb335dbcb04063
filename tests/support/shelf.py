"""A chunk index of few dimensions, and documents to put into it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from support.stores import Store

from footnote.modules.retrieval import Build, Card, Chunk, Passage
from footnote.modules.retrieval.filters import Filter
from footnote.modules.retrieval.fusion import single
from footnote.modules.retrieval.repository import IndexRepository, Probe
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.principal import Principal
from footnote.platform.storage.again import again_on_conflict

MODEL = "test:letters"
DIMENSION = 4
ANN = Principal(tenant="acme", subject="ann")
EAST = (1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Shelf:
    """One index in one store; `again` opens both anew, as another process would."""

    index: IndexRepository
    store: Store
    again: Callable[[], Awaitable["Shelf"]]

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
        build = self.build(document_id, id=build_id, tenant=card.tenant, embedding=model, language=card.language)
        await self.write(build, *texts, embeddings=embeddings, title=card.title)
        await self.publish(build, card, fence)
        return build

    @again_on_conflict
    async def add_together(self, *cards: Card) -> None:
        """Documents of one chunk, `fox`, in one transaction."""
        async with self.store.storage.transaction() as tx:
            for card in cards:
                build = self.build(card.document_id, tenant=card.tenant)
                await self.index.write(tx, build, card.title, chunks_of(["fox"]), np.array([EAST], np.float32))
                await self.index.publish(tx, build, card, 1)

    async def write(
        self, build: Build, *texts: str, embeddings: Sequence[Sequence[float]] | None = None, title: str = ""
    ) -> None:
        rows = np.array(embeddings or [EAST] * len(texts), np.float32).reshape(-1, DIMENSION)
        await self.write_chunks(build, chunks_of(texts), rows, title)

    @again_on_conflict
    async def write_chunks(
        self, build: Build, chunks: Sequence[Chunk], embeddings: Embeddings, title: str = ""
    ) -> None:
        async with self.store.storage.transaction() as tx:
            await self.index.write(tx, build, title, chunks, embeddings)

    @again_on_conflict
    async def publish(self, build: Build, card: Card, fence: int = 1) -> None:
        async with self.store.storage.transaction() as tx:
            await self.index.publish(tx, build, card, fence)

    @again_on_conflict
    async def describe(self, document_id: str, **described: Any) -> None:
        async with self.store.storage.transaction() as tx:
            await self.index.describe(tx, self.card(document_id, **described))

    @again_on_conflict
    async def remove(self, document_id: str, tenant: str = "acme") -> tuple[int, int]:
        async with self.store.storage.transaction() as tx:
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


@asynccontextmanager
async def opened_shelf(store: Store, **options: Any) -> AsyncIterator[Shelf]:
    async with AsyncExitStack() as stack:

        async def again() -> Shelf:
            other = await stack.enter_async_context(store.again())
            return Shelf(other.index(embedding=MODEL, dimension=DIMENSION, **options), other, again)

        yield Shelf(store.index(embedding=MODEL, dimension=DIMENSION, **options), store, again)
