"""Everything in one MongoDB database, which any number of machines share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from loguru import logger

from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.config.settings import Settings
from footnote.config.stores.blobs import open_blobs
from footnote.config.stores.store import Store
from footnote.modules.generation.repository.mongo import MongoAnswerRepository
from footnote.modules.ingestion.repository.mongo import MongoDocumentRepository
from footnote.modules.retrieval.repository.mongo import MongoIndex
from footnote.platform.inference import Embedder
from footnote.platform.jobs.mongo import MongoJobQueue
from footnote.platform.storage.mongo import MongoDatabase, MongoOptions
from footnote.platform.storage.mongo_capabilities import find_capabilities
from footnote.platform.storage.mongo_ledger import MongoBlobLedger
from footnote.platform.storage.mongo_migrations import migrate, set_up


@asynccontextmanager
async def open_mongo(
    settings: Settings, home: Path, embedder: Embedder, *, is_throw_away: bool
) -> AsyncIterator[Store]:
    async with opened(settings, is_throw_away=is_throw_away) as database:
        for label in await set_up(database, MONGO_MIGRATIONS):
            logger.bind(migration=label).debug("Set up the store")
        capabilities = await find_capabilities(database)
        blobs, checks = open_blobs(settings, home, database, MongoBlobLedger(database))
        yield Store(
            storage=database,
            blobs=blobs,
            jobs=MongoJobQueue(database),
            documents=MongoDocumentRepository(database),
            index=MongoIndex(database, embedding=embedder.name, dimension=embedder.dimension),
            answers=MongoAnswerRepository(database),
            checks={"store": database.check, **checks},
            abilities=capabilities,
        )


async def migrate_mongo(settings: Settings, embedder: Embedder) -> list[str]:
    async with opened(settings) as database:
        return await migrate(database, MONGO_MIGRATIONS)


@asynccontextmanager
async def opened(settings: Settings, *, is_throw_away: bool = False) -> AsyncIterator[MongoDatabase]:
    name = f"footnote_evaluate_{uuid4().hex[:8]}" if is_throw_away else None
    database = await MongoDatabase.open(settings.store.reveal(), options(settings), name=name)
    try:
        yield database
    finally:
        if is_throw_away:
            await database.drop()
        await database.close()


def options(settings: Settings) -> MongoOptions:
    return MongoOptions(
        selection=timedelta(seconds=settings.mongodb_selection_seconds),
        connect=timedelta(seconds=settings.mongodb_connect_seconds),
        operation=timedelta(seconds=settings.mongodb_operation_seconds),
        pool_size=settings.mongodb_pool_size,
        pool_wait=timedelta(seconds=settings.mongodb_pool_wait_seconds),
    )
