"""Migrated databases that tests use one after another: to make one takes a second, to empty it a tenth of that."""

import asyncio
import atexit
from collections import deque
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pymongo
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError
from support.mongo_server import mongo_uri

from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.platform.storage import mongo_migrations
from footnote.platform.storage.mongo import MongoDatabase

Collection = tuple[list[dict[str, Any]], set[str]]  # documents, names of indexes of both kinds

OF_SEARCH = "search "

_ROTATING = 3  # what a test leaves under way has come to its end before its database is used again

_as_made: dict[str, dict[str, Collection]] = {}
_free: deque[str] = deque()


def new_name() -> str:
    return f"footnote_test_{uuid4().hex[:16]}"


async def lend() -> MongoDatabase:
    """A database just as migrations leave it."""
    if len(_free) >= _ROTATING:
        database = await MongoDatabase.open(mongo_uri(_free.popleft()))
        if await _is_emptied(database):
            return database
        await database.client.drop_database(database.name)
        await database.close()
    return await _made()


def take_back(database: MongoDatabase) -> None:
    _free.append(database.name)


async def _made() -> MongoDatabase:
    database = await MongoDatabase.open(mongo_uri(new_name()))
    await mongo_migrations.migrate(database, MONGO_MIGRATIONS)
    if not _as_made:
        atexit.register(_drop_all, mongo_uri())
    _as_made[database.name] = await _content(database.client, database.name)
    return database


async def _is_emptied(database: MongoDatabase) -> bool:
    """Whether it could be: not where it lacks a collection or an index of migrations."""
    name, client = database.name, database.client
    made, now = _as_made[name], await _content(client, name)
    if any(key not in now or not now[key][1] >= indexes for key, (_, indexes) in made.items()):
        return False
    await asyncio.gather(*(_restore(client[name][key], made.get(key), now[key]) for key in now))
    return True


async def _content(client: AsyncMongoClient[dict[str, Any]], name: str) -> dict[str, Collection]:
    names = await client[name].list_collection_names()
    return dict(zip(names, await asyncio.gather(*(_collection(client[name][key]) for key in names)), strict=True))


async def _collection(collection: Any) -> Collection:
    indexes = set(await collection.index_information())
    with suppress(OperationFailure):  # of a server without search
        indexes |= {OF_SEARCH + index["name"] async for index in await collection.list_search_indexes()}
    return await collection.find({}).to_list(), indexes


async def _restore(collection: Any, made: Collection | None, now: Collection) -> None:
    if made is None:
        await collection.drop()
        return
    for index in now[1] - made[1]:
        await _drop_index(collection, index)
    if made[0] != now[0]:
        await collection.delete_many({})
        await collection.insert_many(made[0]) if made[0] else None


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
