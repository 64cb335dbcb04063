"""Everything in one SQLite file, and a folder of blobs beside it."""

from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from pathlib import Path

from loguru import logger

from footnote.config.settings import Settings
from footnote.config.sqlite_migrations import MIGRATIONS
from footnote.config.stores.blobs import FOLDER, blobs_at, checks_of
from footnote.config.stores.spaces import dropped, entered
from footnote.config.stores.store import Store
from footnote.config.stores.vectors import open_vectors
from footnote.modules.access.repository.sqlite import SqliteProviderKeys
from footnote.modules.generation.conversations.repository.sqlite import SqliteConversationRepository
from footnote.modules.generation.conversations.repository.sqlite_memories import SqliteMemoryRepository
from footnote.modules.generation.feedback.sqlite import SqliteFeedbackRepository
from footnote.modules.generation.repository.sqlite import SqliteAnswerRepository
from footnote.modules.generation.repository.sqlite_prompts import SqlitePromptRepository
from footnote.modules.ingestion.repository.sqlite import SqliteDocumentRepository
from footnote.modules.retrieval.repository.spaces import Space
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.modules.retrieval.repository.sqlite_spaces import SqliteSpaces
from footnote.modules.retrieval.repository.sqlite_terms import fill_terms
from footnote.modules.retrieval.repository.vector_store import VectorStore, VectorStoreIndex, VectorStoreSpaces
from footnote.platform.inference import Embedder
from footnote.platform.inference.gateway.spending.sqlite import SqliteSpending
from footnote.platform.jobs.sqlite import SqliteJobQueue
from footnote.platform.storage import BlobStore
from footnote.platform.storage.folder import FolderBlobs
from footnote.platform.storage.ledger import SqliteBlobLedger
from footnote.platform.storage.migrations import migrate, set_up
from footnote.platform.storage.sqlite import SqliteDatabase

FILE = "footnote.db"
INDEX = "index"


@asynccontextmanager
async def open_sqlite(
    settings: Settings, home: Path, embedder: Embedder, *, is_throw_away: bool, kept_models: Container[str]
) -> AsyncIterator[Store]:
    database = await SqliteDatabase.open(home / FILE, synchronous="off" if is_throw_away else "full")
    try:
        for label in await set_up(database, MIGRATIONS):
            logger.bind(migration=label).debug("Set up the store")
        blobs = open_blobs(settings, home, database)
        vectors = open_vectors(settings, home)
        spaces = open_spaces(database, vectors)
        active = await entered(spaces, embedder, kept_models)
        index = open_index(database, vectors, active, folder=None if is_throw_away else home / INDEX)
        yield Store(
            storage=database,
            blobs=blobs,
            jobs=SqliteJobQueue(database),
            documents=SqliteDocumentRepository(database),
            index=index,
            spaces=spaces,
            answers=SqliteAnswerRepository(database),
            spending=SqliteSpending(database),
            provider_keys=SqliteProviderKeys(database),
            prompts=SqlitePromptRepository(database),
            feedback=SqliteFeedbackRepository(database),
            conversations=SqliteConversationRepository(database),
            memories=SqliteMemoryRepository(database),
            checks={"store": database.check, **checks_of(blobs)},
            sweep=index.sweep,
        )
    finally:
        await database.close()


def open_spaces(database: SqliteDatabase, vectors: VectorStore | None) -> SqliteSpaces:
    return SqliteSpaces(database) if vectors is None else VectorStoreSpaces(database, vectors)


def open_index(
    database: SqliteDatabase, vectors: VectorStore | None, active: Space, folder: Path | None
) -> SqliteIndex:
    """`folder` is where the index in memory is saved."""
    if vectors is None:
        return SqliteIndex(database, embedding=active.name, dimension=active.dimension, folder=folder)
    return VectorStoreIndex(database, vectors, embedding=active.name, dimension=active.dimension)


def open_blobs(settings: Settings, home: Path, database: SqliteDatabase) -> BlobStore:
    """In a folder, unless the settings name another place."""
    ledger = SqliteBlobLedger(database)
    if settings.blobs.kind in {"", "folder"}:
        return FolderBlobs(home / FOLDER, database, ledger)
    return blobs_at(settings, settings.blobs.reveal(), home, database, ledger)


async def migrate_sqlite(settings: Settings, home: Path) -> list[str]:
    database = await SqliteDatabase.open(home / FILE)
    try:
        done = [
            *await migrate(database, MIGRATIONS),
            *await dropped(open_spaces(database, open_vectors(settings, home))),
        ]
        chunks = await fill_terms(database)
        return [*done, f"words of {chunks} chunks counted"] if chunks else done
    finally:
        await database.close()
