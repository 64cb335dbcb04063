"""The MongoDB server, what it can do, and the database on it."""

from footnote.config.doctor.report import Finding
from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.config.settings import Settings
from footnote.config.stores.mongo_database import opened
from footnote.platform.errors import FootnoteError
from footnote.platform.storage.errors import SchemaOutdated, SchemaTooNew
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_capabilities import Capabilities, find_capabilities
from footnote.platform.storage.mongo_migrations import is_new, require_current

SEARCHING = "Atlas, its local container mongodb/mongodb-atlas-local, or MongoDB Community 8.2 with mongot"


async def examine_mongo(settings: Settings) -> tuple[Finding, ...]:
    try:
        async with opened(settings) as database:
            capabilities = await find_capabilities(database)
            return (
                Finding("server", "ok", f"{capabilities.title}, {settings.store}"),
                *examine_capabilities(capabilities),
                await examine_schema(database),
            )
    except FootnoteError as error:
        return (Finding("server", "broken", f"{settings.store}: {error.detail}", "start it, or mend FOOTNOTE_STORE"),)


def examine_capabilities(found: Capabilities) -> tuple[Finding, ...]:
    return (
        Finding("transactions", "ok", "yes")
        if found.transactions
        else Finding(
            "transactions", "broken", "none on a server that stands alone", "make it a replica set, if of one"
        ),
        Finding("vector search", "ok", "$vectorSearch")
        if found.vector_search
        else Finding("vector search", "off", "none; off: searching by meaning", f"use {SEARCHING}, or DocumentDB"),
        Finding("text search", "ok", "Atlas Search")
        if found.text_search
        else Finding("text search", "off", "none; $text ranks in its place, which knows no BM25", f"use {SEARCHING}"),
        Finding("fusion", "ok", "in the server" if found.score_fusion or found.rank_fusion else "in this process"),
    )


async def examine_schema(database: MongoDatabase) -> Finding:
    if await is_new(database):
        return Finding("database", "ok", f"{database.name}: set up at the first start")
    try:
        await require_current(database, MONGO_MIGRATIONS)
    except (SchemaOutdated, SchemaTooNew) as error:
        return Finding("database", "broken", f"{database.name}: {error.title}", error.detail)
    return Finding("database", "ok", f"{database.name}, schema up to date")
