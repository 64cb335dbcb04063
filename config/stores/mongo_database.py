"""The connection to MongoDB that the settings describe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import msgspec

from footnote.config.settings import Settings
from footnote.platform.storage.mongo import MongoDatabase, MongoOptions

PATIENCE = timedelta(hours=6)  # for one operation of a migration, such as the index of a large collection


@asynccontextmanager
async def opened(
    settings: Settings, *, is_throw_away: bool = False, is_patient: bool = False
) -> AsyncIterator[MongoDatabase]:
    """A throw-away database is a new one on the same server, dropped after the block."""
    name = f"footnote_evaluate_{uuid4().hex[:8]}" if is_throw_away else None
    chosen = options(settings)
    if is_patient:
        chosen = msgspec.structs.replace(chosen, operation=PATIENCE)
    database = await MongoDatabase.open(settings.store.reveal(), chosen, name=name)
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
