"""Servers that answer what they are asked at start as each kind of MongoDB does, by its documentation.

No engine is behind them: they show that the right questions are asked and the answers understood, not that a real
server gives these answers. Where the driver meets a real one is said in the README of retrieval.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import bson
from support.documentdb.replies import CommandError, Reply, failure, hello
from support.documentdb.wire import Message, read_message
from support.serving import listening

from footnote.platform.storage.mongo import MongoDatabase, MongoOptions

LOCAL = frozenset({"$search", "$vectorSearch", "$listSearchIndexes", "$rankFusion", "$scoreFusion"})
BASIC = frozenset({"$sort", "$match", "$limit", "$listSearchIndexes"})
NO_SEARCH = "Using Atlas Search Database Commands and the $listSearchIndexes stage requires additional configuration"


@dataclass(frozen=True, kw_only=True)
class Actor:
    version: str
    stages: frozenset[str] = BASIC
    has_search: bool = False
    is_atlas: bool = False
    is_local: bool = False
    is_mongodb: bool = True
    is_standalone: bool = False
    indexes: Callable[[], list[Reply]] = field(default=list)  # what it lists, asked each time

    def answer(self, command: Reply) -> Reply:
        name = next(iter(command))
        match name:
            case "hello" | "ismaster" | "isMaster":
                return self._hello()
            case "buildInfo":
                return {"version": self.version, **({"storageEngines": ["wiredTiger"]} if self.is_mongodb else {})}
            case "atlasVersion" if self.is_atlas:
                return {"atlasVersion": "20261101.0.0", "gitVersion": "0"}
            case "aggregate":
                return self._aggregate(command)
            case "find":
                return self._find(command)
            case "createSearchIndexes":
                return {"indexesCreated": [{"id": "1", "name": each["name"]} for each in command["indexes"]]}
            case "ping" | "explain" | "endSessions" | "abortTransaction":
                return {}
        raise CommandError(59, f"no such command: '{name}'")

    def _hello(self) -> Reply:
        reply = hello()
        return {key: value for key, value in reply.items() if key != "msg"} if self.is_standalone else reply

    def _aggregate(self, command: Reply) -> Reply:
        for stage in command["pipeline"]:
            [name] = stage
            if name not in self.stages:
                raise CommandError(40324, f"Unrecognized pipeline stage name: '{name}'")
            if name == "$listSearchIndexes" and not self.has_search:
                raise CommandError(31082, NO_SEARCH)
            level = command.get("readConcern", {}).get("level", "local")
            if name in LOCAL and level != "local":
                raise CommandError(72, f"{name} cannot run with a readConcern other than 'local'")
        is_list = "$listSearchIndexes" in command["pipeline"][0]
        return batch(command, self.indexes() if is_list else [])

    def _find(self, command: Reply) -> Reply:
        if self.is_standalone and "txnNumber" in command:
            raise CommandError(20, "Transaction numbers are only allowed on a replica set member or mongos")
        is_mark = (command["$db"], command["find"]) == ("admin", "atlascli")
        return batch(command, [command["filter"]] if is_mark and self.is_local else [])


def batch(command: Reply, rows: list[Reply]) -> Reply:
    target = f"{command['$db']}.{next(iter(command.values()))}"
    return {"cursor": {"id": 0, "ns": target, "firstBatch": rows}}


HYBRID = BASIC | {"$rankFusion", "$scoreFusion"}
ATLAS = Actor(version="8.3.1", stages=HYBRID | {"$rerank"}, has_search=True, is_atlas=True)
OLDER_ATLAS = Actor(version="8.0.12", stages=BASIC | {"$rankFusion"}, has_search=True, is_atlas=True)
ATLAS_LOCAL = Actor(version="8.2.0", stages=HYBRID, has_search=True, is_local=True)
COMMUNITY = Actor(version="8.2.0", stages=HYBRID, has_search=True)
MONGODB = Actor(version="7.0.14")
STANDALONE = Actor(version="7.0.14", is_standalone=True)
DOCUMENTDB = Actor(version="7.0.0", is_mongodb=False)


@asynccontextmanager
async def acting(actor: Actor, options: MongoOptions | None = None) -> AsyncIterator[MongoDatabase]:
    """A database of a server that acts as `actor`."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await respond(actor, await read_message(reader), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    async with listening(talk) as port:
        database = await MongoDatabase.open(f"mongodb://127.0.0.1:{port}/footnote", options)
        try:
            yield database
        finally:
            await database.close()


async def respond(actor: Actor, message: Message, writer: asyncio.StreamWriter) -> None:
    try:
        reply: dict[str, Any] = {"ok": 1.0, **actor.answer(bson.decode(message.body))}
    except CommandError as error:
        reply = failure(error.code, str(error))
    if message.wants_reply:
        writer.write(message.reply(bson.encode(reply)))
        await writer.drain()
