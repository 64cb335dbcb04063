"""Everything in one MongoDB database, which any number of machines share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from loguru import logger

from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.config.settings import Settings
from footnote.config.stores.blobs import FOLDER, blobs_at, cached_blobs, checks_of
from footnote.config.stores.mongo_database import opened
from footnote.config.stores.store import Store
from footnote.modules.generation.repository.mongo import MongoAnswerRepository
from footnote.modules.ingestion.repository.mongo import MongoDocumentRepository
from footnote.modules.retrieval.repository.mongo import MongoIndex
from footnote.platform.inference import Embedder
from footnote.platform.jobs.mongo import MongoJobQueue
from footnote.platform.storage import BlobStore
from footnote.platform.storage.gridfs import GridCopies
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_capabilities import Capabilities, find_capabilities
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
        blobs = open_blobs(settings, home, database)
        yield Store(
            storage=database,
            blobs=blobs,
            jobs=MongoJobQueue(database),
            documents=MongoDocumentRepository(database),
            index=MongoIndex(database, embedding=embedder.name, dimension=embedder.dimension),
            answers=MongoAnswerRepository(database),
            checks={"store": database.check, **checks_of(blobs)},
            abilities=told(capabilities),
        )


def told(capabilities: Capabilities) -> dict[str, Any]:
    """What anybody may know."""
    return {name: value for name, value in capabilities.abilities().items() if name not in {"version", "explain"}}


def open_blobs(settings: Settings, home: Path, database: MongoDatabase) -> BlobStore:
    """In GridFS, unless the settings name another place; a folder is one that all machines see."""
    ledger = MongoBlobLedger(database)
    match settings.blobs.kind:
        case "" | "gridfs":
            return cached_blobs(settings, GridCopies(database), home, database, ledger)
        case "folder":
            return blobs_at(settings, (home / FOLDER).absolute().as_uri(), home, database, ledger)
        case _:
            return blobs_at(settings, settings.blobs.reveal(), home, database, ledger)


async def migrate_mongo(settings: Settings, embedder: Embedder) -> list[str]:
    async with opened(settings) as database:
        return await migrate(database, MONGO_MIGRATIONS)
