"""Everything in one MongoDB database, which any number of machines share."""

from collections.abc import AsyncIterator, Callable, Container
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from loguru import logger

from footnote.config.metadata import field_types
from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.config.settings import Settings
from footnote.config.stores.blobs import FOLDER, blobs_at, cached_blobs, checks_of
from footnote.config.stores.mongo_database import opened
from footnote.config.stores.mongo_vectors import require_fitting
from footnote.config.stores.spaces import dropped, entered
from footnote.config.stores.store import Store
from footnote.modules.access.repository.mongo import MongoProviderKeys
from footnote.modules.generation.conversations.repository.mongo import MongoConversationRepository
from footnote.modules.generation.conversations.repository.mongo_memories import MongoMemoryRepository
from footnote.modules.generation.feedback.mongo import MongoFeedbackRepository
from footnote.modules.generation.repository.mongo import MongoAnswerRepository
from footnote.modules.generation.repository.mongo_prompts import MongoPromptRepository
from footnote.modules.ingestion.repository.mongo import MongoDocumentRepository
from footnote.modules.retrieval.repository.mongo import IndexOptions, MongoIndex
from footnote.modules.retrieval.repository.mongo_spaces import MongoSpaces
from footnote.modules.retrieval.repository.mongo_terms import fill_codes
from footnote.modules.retrieval.repository.mongo_words import fit_words
from footnote.modules.retrieval.repository.search_indexes import ensure
from footnote.modules.retrieval.repository.spaces import Space
from footnote.platform.errors import FootnoteError
from footnote.platform.inference import Embedder
from footnote.platform.inference.gateway.spending.mongo import MongoSpending
from footnote.platform.jobs.mongo import MongoJobQueue
from footnote.platform.storage import BlobStore
from footnote.platform.storage.gridfs import GridCopies
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_capabilities import Capabilities, find_capabilities
from footnote.platform.storage.mongo_ledger import MongoBlobLedger
from footnote.platform.storage.mongo_migrations import is_new, migrate, set_up

INDEX_WAIT = timedelta(minutes=10)  # for search indexes that are new


class TransactionsMissing(FootnoteError):
    title = "The server has no transactions"

    def __init__(self, server: str) -> None:
        super().__init__(
            f"{server} stands alone; footnote needs a replica set, which may have one member: start mongod with "
            "--replSet rs0, run rs.initiate() once, and add replicaSet=rs0 to FOOTNOTE_STORE."
        )


@asynccontextmanager
async def open_mongo(
    settings: Settings, home: Path, embedder: Embedder, *, is_throw_away: bool, kept_models: Container[str]
) -> AsyncIterator[Store]:
    async with opened(settings, is_throw_away=is_throw_away) as database:
        was_new = await is_new(database)
        capabilities = await find_capabilities(database)
        if not capabilities.transactions:
            raise TransactionsMissing(capabilities.title)
        set_up_here = await set_up(database, MONGO_MIGRATIONS)
        if was_new:  # of collections that were not there yet, the server may have said more than it can, or less
            capabilities = await find_capabilities(database)
        spaces = MongoSpaces(database, index_options(settings))
        space = await entered(spaces, embedder, kept_models)
        await require_fitting(database, capabilities, settings.mongodb_vectors, space)
        index = open_index(settings, database, space, capabilities, changes_indexes=not kept_models)
        if set_up_here:
            await fit_words(database, has_text_search=capabilities.text_search)
            await ensure(database, await index.search_indexes(), wait=INDEX_WAIT, told=log)
        blobs = open_blobs(settings, home, database)
        yield Store(
            storage=database,
            blobs=blobs,
            jobs=MongoJobQueue(database),
            documents=MongoDocumentRepository(database),
            index=index,
            spaces=spaces,
            answers=MongoAnswerRepository(database),
            spending=MongoSpending(database),
            provider_keys=MongoProviderKeys(database),
            prompts=MongoPromptRepository(database),
            feedback=MongoFeedbackRepository(database),
            conversations=MongoConversationRepository(database),
            memories=MongoMemoryRepository(database),
            checks={"store": database.check, **checks_of(blobs)},
            abilities=told(capabilities),
            sweep=index.sweep,
        )


def log(line: str) -> None:
    logger.bind(step=line).info("Setting up the store")


def index_options(settings: Settings) -> IndexOptions:
    return IndexOptions(
        vectors=settings.mongodb_vectors,
        quantization=settings.mongodb_quantization,
        exact=settings.mongodb_exact,
        languages=tuple(settings.mongodb_languages),
        metadata=field_types(settings),
    )


def open_index(
    settings: Settings,
    database: MongoDatabase,
    space: Space | Embedder,
    capabilities: Capabilities,
    *,
    changes_indexes: bool = True,
) -> MongoIndex:
    return MongoIndex(
        database,
        embedding=space.name,
        dimension=space.dimension,
        options=index_options(settings),
        capabilities=capabilities,
        changes_indexes=changes_indexes,
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


async def migrate_mongo(settings: Settings, embedder: Embedder, say: Callable[[str], None]) -> list[str]:
    async with opened(settings, is_patient=True) as database:
        done = await migrate(database, MONGO_MIGRATIONS)
        spaces = MongoSpaces(database, index_options(settings))
        done += await dropped(spaces)
        say("Looking after the search indexes, and waiting until they answer")
        capabilities = await find_capabilities(database)
        done += await fit_words(database, has_text_search=capabilities.text_search)
        if not capabilities.text_search and (chunks := await fill_codes(database)):
            done.append(f"words of {chunks} chunks counted")
        of_spaces = [
            open_index(settings, database, space, capabilities) for space in await spaces.living() or (embedder,)
        ]
        wanted = {each.name: each for index in of_spaces for each in await index.search_indexes()}
        return [*done, *await ensure(database, [*wanted.values()], wait=INDEX_WAIT)]
