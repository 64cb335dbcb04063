"""The connection to MongoDB that the settings describe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from footnote.config.settings import Settings
from footnote.platform.storage.mongo import MongoDatabase, MongoOptions


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
