"""A MongoDB with search of its own: a given one, or a container."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
from support.mongo_server import atlas_uri
from support.stores import MongoStore

from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.modules.retrieval import Build, Card, Chunk, Passage
from footnote.modules.retrieval.filters import Filter
from footnote.modules.retrieval.fusion import hybrid, reciprocal_ranks, single
from footnote.modules.retrieval.repository import IndexRepository, Probe
from footnote.modules.retrieval.stages import Stages
from footnote.platform.principal import Principal
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_migrations import migrate

MODEL = "test:letters"
ANN = Principal(tenant="acme", subject="ann")
PATIENCE = timedelta(seconds=60)
METADATA: Any = {"year": "number", "author": "string", "final": "boolean", "signed": "time"}


class Atlas:
    """An index, and what tests do with it."""

    def __init__(self, database: MongoDatabase) -> None:
        self.database = database
        self.store = MongoStore(database)
        self.index: IndexRepository = self.store.index(
            embedding=MODEL, dimension=4, languages=("en", "de"), metadata=METADATA
        )

    async def add(
        self, document_id: str, text: str, vector: tuple[float, ...] = (1, 0, 0, 0), **described: Any
    ) -> None:
        build = Build(id="b1", tenant="acme", document_id=document_id, version=1, embedding=MODEL)
        chunk = Chunk(start=0, end=len(text), text=text, tokens=1)
        made = card(document_id, **described)
        async with self.database.transaction() as tx:
            await self.index.write(tx, build, made.title, [chunk], np.array([vector], np.float32))
            await self.index.publish(tx, build, made, 1)

    async def remove(self, document_id: str) -> None:
        async with self.database.transaction() as tx:
            await self.index.remove(tx, "acme", document_id)

    async def near(self, *vector: float, admits: Filter | None = None) -> tuple[Passage, ...]:
        embedding = np.array(vector or (1, 0, 0, 0), np.float32)
        probe = Probe(embedding=embedding, text=None, filter=admits, depth=100)
        return await self.index.search(ANN, probe, single(100), Stages())

    async def words(self, text: str, admits: Filter | None = None) -> tuple[Passage, ...]:
        probe = Probe(embedding=None, text=text, filter=admits, depth=100)
        return await self.index.search(ANN, probe, single(100), Stages())

    async def both(self, text: str, *vector: float) -> tuple[Passage, ...]:
        probe = Probe(embedding=np.array(vector, np.float32), text=text, filter=None, depth=100)
        return await self.index.search(ANN, probe, hybrid(reciprocal_ranks, 100), Stages())


def card(document_id: str, **changes: Any) -> Card:
    made = {"tenant": "acme", "document_id": document_id, "owner": "ann", "readers": (), "title": "", "metadata": {}}
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    return Card(**(made | {"media_type": "text/plain", "language": "en", "created_at": moment} | changes))


def documents(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.document_id for passage in passages]


async def eventually(
    ask: Callable[[], Awaitable[tuple[Passage, ...]]], is_enough: Callable[[list[str]], bool]
) -> list[str]:
    """What the index gives once it has caught up: a search index lags behind what is committed."""
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while not is_enough(found := documents(await ask())):
            await asyncio.sleep(0.2)
    return found


@asynccontextmanager
async def atlas_index() -> AsyncIterator[Atlas]:
    """In a database of its own, with its search indexes, dropped at the end."""
    database = await MongoDatabase.open(atlas_uri(f"footnote_test_{uuid4().hex[:16]}"))
    try:
        await migrate(database, MONGO_MIGRATIONS)
        opened = Atlas(database)
        await opened.index.refresh()
        yield opened
    finally:
        await database.drop()
        await database.close()
