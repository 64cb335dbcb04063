"""Migrated databases that tests use one after another: to make one takes seconds, to empty it a twentieth of that."""

import asyncio
import atexit
from collections import deque
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pymongo
from pymongo import monitoring
from pymongo.errors import OperationFailure, PyMongoError
from support.mongo_server import mongo_uri

from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.platform.storage import mongo_migrations
from footnote.platform.storage.mongo import MongoDatabase

Collection = tuple[list[dict[str, Any]], set[str]]  # documents, names of indexes of both kinds

OF_SEARCH = "search "
READING = {"find", "aggregate", "count", "distinct", "listIndexes"}

_ROTATING = 3  # what a test leaves under way has come to its end before its database is used again


class Changes(monitoring.CommandListener):
    """The collections of each database that commands of this process may have changed since it was lent."""

    def __init__(self) -> None:
        self.of: dict[str, set[str]] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        changed, named = self.of.get(event.database_name), event.command.get(event.command_name)
        if changed is not None and event.command_name not in READING and isinstance(named, str):
            changed.add(named)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


CHANGES = Changes()
monitoring.register(CHANGES)

_as_made: dict[str, dict[str, Collection]] = {}
_free: deque[str] = deque()


def new_name() -> str:
    return f"footnote_test_{uuid4().hex[:16]}"


async def lend() -> MongoDatabase:
    """A database just as migrations leave it."""
    database = await _emptied() if len(_free) >= _ROTATING else None
    database = database or await _made()
    CHANGES.of[database.name] = set()
    return database


def take_back(database: MongoDatabase) -> None:
    _free.append(database.name)


async def _emptied() -> MongoDatabase | None:
    """The one that was given back first, if it could be emptied; otherwise it is dropped."""
    database = await MongoDatabase.open(mongo_uri(_free.popleft()))
    if await _is_emptied(database):
        return database
    await database.client.drop_database(database.name)
    await database.close()
    return None


async def _made() -> MongoDatabase:
    database = await MongoDatabase.open(mongo_uri(new_name()))
    await mongo_migrations.migrate(database, MONGO_MIGRATIONS)
    if not _as_made:
        atexit.register(_drop_all, mongo_uri())
    _as_made[database.name] = await _content(database)
    return database


async def _is_emptied(database: MongoDatabase) -> bool:
    """Whether it could be: not where it lacks a collection or an index of migrations."""
    made, there = _as_made[database.name], set(await database.database.list_collection_names())
    changed = {key: database.client[database.name][key] for key in CHANGES.of[database.name] & made.keys()}
    if not made.keys() <= there:
        return False
    for key in there - made.keys():
        await database.database.drop_collection(key)
    return all(await asyncio.gather(*(_is_restored(each, *made[key]) for key, each in changed.items())))


async def _content(database: MongoDatabase) -> dict[str, Collection]:
    names = await database.database.list_collection_names()
    found = await asyncio.gather(*(_collection(database.client[database.name][name]) for name in names))
    return dict(zip(names, found, strict=True))


async def _collection(collection: Any) -> Collection:
    indexes = set(await collection.index_information())
    with suppress(OperationFailure):  # of a server without search
        indexes |= {OF_SEARCH + index["name"] async for index in await collection.list_search_indexes()}
    return await collection.find({}).to_list(), indexes


async def _is_restored(collection: Any, documents: list[dict[str, Any]], indexes: set[str]) -> bool:
    documents_now, indexes_now = await _collection(collection)
    for index in indexes_now - indexes:
        await _drop_index(collection, index)
    if documents_now != documents:
        await collection.delete_many({})
        await collection.insert_many(documents) if documents else None
    return indexes <= indexes_now


async def _drop_index(collection: Any, name: str) -> None:
    if name.startswith(OF_SEARCH):
        await collection.drop_search_index(name.removeprefix(OF_SEARCH))
    else:
        await collection.drop_index(name)


def _drop_all(uri: str) -> None:
    """At the end of the process; the server may be gone already."""
    with suppress(PyMongoError), pymongo.MongoClient[dict[str, Any]](uri, timeoutMS=5000) as client:
        for name in _as_made:
            client.drop_database(name)
