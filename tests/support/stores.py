"""Both kinds of store with their adapters, for suites that hold every adapter to its port."""

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from support import mongo_databases
from support.mongo_server import mongo_uri

from footnote.config.migrations import MIGRATIONS
from footnote.modules.access.repository import ProviderKeyRepository
from footnote.modules.generation.conversations.repository import ConversationRepository, MemoryRepository
from footnote.modules.generation.feedback import FeedbackRepository
from footnote.modules.generation.repository import AnswerRepository
from footnote.modules.generation.repository.prompts import PromptRepository
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.retrieval.repository import IndexRepository
from footnote.modules.retrieval.repository.spaces import Spaces
from footnote.platform.clock import Clock, utc_now
from footnote.platform.inference.gateway.spending import SpendingRepository
from footnote.platform.jobs import JobQueue
from footnote.platform.storage import BlobLedger, Storage, migrations
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.sqlite import SqliteDatabase


class Store(Protocol):
    """One empty, migrated store."""

    name: str
    database: Any

    @property
    def storage(self) -> Storage: ...

    def jobs(self, clock: Clock = utc_now) -> JobQueue: ...

    def ledger(self) -> BlobLedger: ...

    def documents(self, clock: Clock = utc_now) -> DocumentRepository: ...

    def answers(self) -> AnswerRepository: ...

    def spending(self) -> SpendingRepository: ...

    def provider_keys(self) -> ProviderKeyRepository: ...

    def feedback(self) -> FeedbackRepository: ...

    def conversations(self) -> ConversationRepository: ...

    def memories(self) -> MemoryRepository: ...

    def prompts(self) -> PromptRepository: ...

    def index(self, *, embedding: str, dimension: int, **options: Any) -> IndexRepository:
        """`options` are those of the MongoDB adapter; the other has none."""
        ...

    def spaces(self) -> Spaces: ...

    def again(self) -> AbstractAsyncContextManager["Store"]:
        """The same store, as another process would open it."""
        ...


class SqliteStore:
    name = "sqlite"

    def __init__(self, database: SqliteDatabase) -> None:
        self.database = database
        self.storage: Storage = database

    def jobs(self, clock: Clock = utc_now) -> JobQueue:
        from footnote.platform.jobs.sqlite import SqliteJobQueue

        return SqliteJobQueue(self.database, clock)

    def ledger(self) -> BlobLedger:
        from footnote.platform.storage.ledger import SqliteBlobLedger

        return SqliteBlobLedger(self.database)

    def documents(self, clock: Clock = utc_now) -> DocumentRepository:
        from footnote.modules.ingestion.repository.sqlite import SqliteDocumentRepository

        return SqliteDocumentRepository(self.database, clock)

    def answers(self) -> AnswerRepository:
        from footnote.modules.generation.repository.sqlite import SqliteAnswerRepository

        return SqliteAnswerRepository(self.database)

    def spending(self) -> SpendingRepository:
        from footnote.platform.inference.gateway.spending.sqlite import SqliteSpending

        return SqliteSpending(self.database)

    def provider_keys(self) -> ProviderKeyRepository:
        from footnote.modules.access.repository.sqlite import SqliteProviderKeys

        return SqliteProviderKeys(self.database)

    def feedback(self) -> FeedbackRepository:
        from footnote.modules.generation.feedback.sqlite import SqliteFeedbackRepository

        return SqliteFeedbackRepository(self.database)

    def prompts(self) -> PromptRepository:
        from footnote.modules.generation.repository.sqlite_prompts import SqlitePromptRepository

        return SqlitePromptRepository(self.database)

    def conversations(self) -> ConversationRepository:
        from footnote.modules.generation.conversations.repository.sqlite import SqliteConversationRepository

        return SqliteConversationRepository(self.database)

    def memories(self) -> MemoryRepository:
        from footnote.modules.generation.conversations.repository.sqlite_memories import SqliteMemoryRepository

        return SqliteMemoryRepository(self.database)

    def index(self, *, embedding: str, dimension: int, **options: Any) -> IndexRepository:
        from footnote.modules.retrieval.repository.sqlite import SqliteIndex

        return SqliteIndex(self.database, embedding=embedding, dimension=dimension)

    def spaces(self) -> Spaces:
        from footnote.modules.retrieval.repository.sqlite_spaces import SqliteSpaces

        return SqliteSpaces(self.database)

    @asynccontextmanager
    async def again(self) -> AsyncIterator[Store]:
        other = await SqliteDatabase.open(self.database.path, synchronous="off")
        try:
            yield type(self)(other)
        finally:
            await other.close()


class LanceStore(SqliteStore):
    """Embeddings in LanceDB, everything else in SQLite."""

    def __init__(self, database: SqliteDatabase) -> None:
        from footnote.modules.retrieval.repository.lancedb import LanceVectors

        super().__init__(database)
        self.vectors = LanceVectors(database.path.parent / "vectors")

    def index(self, *, embedding: str, dimension: int, **options: Any) -> IndexRepository:
        from footnote.modules.retrieval.repository.vector_store import VectorStoreIndex

        return VectorStoreIndex(self.database, self.vectors, embedding=embedding, dimension=dimension)

    def spaces(self) -> Spaces:
        from footnote.modules.retrieval.repository.vector_store import VectorStoreSpaces

        return VectorStoreSpaces(self.database, self.vectors)


class MongoStore:
    name = "mongodb"

    def __init__(self, database: MongoDatabase) -> None:
        self.database = database
        self.storage: Storage = database

    def jobs(self, clock: Clock = utc_now) -> JobQueue:
        from footnote.platform.jobs.mongo import MongoJobQueue

        return MongoJobQueue(self.database, clock)

    def ledger(self) -> BlobLedger:
        from footnote.platform.storage.mongo_ledger import MongoBlobLedger

        return MongoBlobLedger(self.database)

    def documents(self, clock: Clock = utc_now) -> DocumentRepository:
        from footnote.modules.ingestion.repository.mongo import MongoDocumentRepository

        return MongoDocumentRepository(self.database, clock)

    def answers(self) -> AnswerRepository:
        from footnote.modules.generation.repository.mongo import MongoAnswerRepository

        return MongoAnswerRepository(self.database)

    def spending(self) -> SpendingRepository:
        from footnote.platform.inference.gateway.spending.mongo import MongoSpending

        return MongoSpending(self.database)

    def provider_keys(self) -> ProviderKeyRepository:
        from footnote.modules.access.repository.mongo import MongoProviderKeys

        return MongoProviderKeys(self.database)

    def feedback(self) -> FeedbackRepository:
        from footnote.modules.generation.feedback.mongo import MongoFeedbackRepository

        return MongoFeedbackRepository(self.database)

    def prompts(self) -> PromptRepository:
        from footnote.modules.generation.repository.mongo_prompts import MongoPromptRepository

        return MongoPromptRepository(self.database)

    def conversations(self) -> ConversationRepository:
        from footnote.modules.generation.conversations.repository.mongo import MongoConversationRepository

        return MongoConversationRepository(self.database)

    def memories(self) -> MemoryRepository:
        from footnote.modules.generation.conversations.repository.mongo_memories import MongoMemoryRepository

        return MongoMemoryRepository(self.database)

    def index(self, *, embedding: str, dimension: int, **options: Any) -> IndexRepository:
        from footnote.modules.retrieval.repository.mongo import IndexOptions, MongoIndex

        return MongoIndex(self.database, embedding=embedding, dimension=dimension, options=IndexOptions(**options))

    def spaces(self) -> Spaces:
        from footnote.modules.retrieval.repository.mongo_spaces import MongoSpaces

        return MongoSpaces(self.database)

    @asynccontextmanager
    async def again(self) -> AsyncIterator[Store]:
        other = await MongoDatabase.open(mongo_uri(self.database.name))
        try:
            yield MongoStore(other)
        finally:
            await other.close()


@asynccontextmanager
async def sqlite_store(folder: Path, kind: type[SqliteStore] = SqliteStore) -> AsyncIterator[SqliteStore]:
    database = await SqliteDatabase.open(folder / "footnote.db", synchronous="off")
    try:
        await migrations.migrate(database, MIGRATIONS)
        yield kind(database)
    finally:
        await database.close()


@asynccontextmanager
async def lance_store(folder: Path) -> AsyncIterator[SqliteStore]:
    """Skipped where the extra is not installed, but for CI."""
    if not os.environ.get("CI"):
        pytest.importorskip("lancedb")
    async with sqlite_store(folder, LanceStore) as opened:
        yield opened


@asynccontextmanager
async def mongo_store() -> AsyncIterator[MongoStore]:
    """In a database of its own until it is closed."""
    database = await mongo_databases.lend()
    try:
        yield MongoStore(database)
    finally:
        await database.close()
        mongo_databases.take_back(database)


@asynccontextmanager
async def mongo_database() -> AsyncIterator[MongoDatabase]:
    """A database of its own, empty, dropped at the end."""
    database = await MongoDatabase.open(mongo_uri(mongo_databases.new_name()))
    try:
        yield database
    finally:
        await database.client.drop_database(database.name)
        await database.close()
