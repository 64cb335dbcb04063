"""A MongoDB wire-protocol front end for PostgreSQL with the DocumentDB extension. For tests only.

It hands each command as raw BSON to the engine's function for it, and sends its BSON answer back. What it adds: cursor
ids, transactions (one PostgreSQL connection each), MongoDB's error codes, and Atlas Vector Search. It has no
authentication, TLS or compression. It ends when nobody was connected for a while.
"""

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import asyncpg
import bson
from support.documentdb import engine, vector_search
from support.documentdb.replies import CommandError, Reply, build_info, failure, hello, mongo_code
from support.documentdb.wire import SHALLOW, Command, Message, UnknownMessageError, read_message

ALIASES = {"findandmodify": "findAndModify", "ismaster": "hello", "isMaster": "hello", "buildinfo": "buildInfo"}
CONNECTIONS = 60
WARM_CONNECTIONS = 8  # to load the engine takes a connection of PostgreSQL some ten milliseconds

Answer = Reply | bytes


class Transaction(NamedTuple):
    number: int
    client: object  # who spoke for it last
    pg: Any
    inner: Any


class Request(NamedTuple):
    """One command on a connection of PostgreSQL."""

    pg: Any
    name: str
    db: str
    target: Any  # the collection, for most commands
    command: Command
    body: bytes
    documents: bytes | None


class Bridge:
    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._cursors: dict[int, bytes] = {}  # by id, the continuation
        self._transactions: dict[bytes, Transaction] = {}  # by session
        self._turns: defaultdict[bytes, asyncio.Lock] = defaultdict(asyncio.Lock)  # a session does one thing at a time
        self._aborted: dict[bytes, int] = {}  # by session, the last: what of it comes late begins nothing
        # By session, the last one with its number: what is sent again, as its answer was lost, is not done again.
        self._commits: dict[bytes, tuple[int, asyncio.Task[Any]]] = {}
        self._writes: dict[bytes, tuple[int, asyncio.Task[Answer]]] = {}
        self._clients = 0
        self._idle_since = time.monotonic()
        self._commands: dict[str, Callable[[Request], Awaitable[Answer]]] = {
            **dict.fromkeys(engine.CURSORS, self._first_page),
            **dict.fromkeys(engine.WRITES, self._write),
            **dict.fromkeys(engine.OTHERS, self._other),
            **dict.fromkeys(("ping", "endSessions", "killSessions", "refreshSessions"), _nothing),
            "getMore": self._next_page,
            "killCursors": self._kill_cursors,
            "collMod": _change_collection,
            "drop": _drop,
            "dropDatabase": _drop_database,
            "createSearchIndexes": _create_search_indexes,
            "updateSearchIndex": _update_search_index,
            "dropSearchIndex": _drop_search_index,
            "hello": _hello,
            "buildInfo": _build_info,
        }

    @property
    def idle_seconds(self) -> float:
        return 0.0 if self._clients else time.monotonic() - self._idle_since

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients += 1
        try:
            while True:
                message = await read_message(reader)
                answer = await self._answer(message, writer)
                if message.wants_reply:
                    writer.write(message.reply(answer))
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, UnknownMessageError):
            pass
        finally:
            writer.close()
            self._clients -= 1
            self._idle_since = time.monotonic()
            for session in [key for key, open_one in self._transactions.items() if open_one.client is writer]:
                await self._end(session, commit=False)

    async def _answer(self, message: Message, client: object) -> bytes:
        try:
            reply = await self._run(message, client)
        except CommandError as error:
            reply = failure(error.code, str(error))
        except asyncpg.PostgresError as error:
            reply = failure(mongo_code(error.sqlstate), error.message)
        except Exception as error:  # a fault of the bridge has to reach the test, not hang it
            reply = failure(1, f"bridge: {error!r}")
        return reply if isinstance(reply, bytes) else bson.encode(reply)

    async def _run(self, message: Message, client: object) -> Answer:
        command = bson.decode(message.body, SHALLOW)
        name = next(iter(command))
        name = ALIASES.get(name, name)
        if name in ("commitTransaction", "abortTransaction"):
            session = command["lsid"]["id"]
            async with self._turns[session]:
                return await self._finish(session, command["txnNumber"], commit=name == "commitTransaction")
        if command.get("autocommit") is False:
            async with self._turns[command["lsid"]["id"]]:
                return await self._within(client, name, command, message)
        if "txnNumber" in command:
            return await self._write_once(name, command, message)
        return await self._alone(name, command, message)

    async def _alone(self, name: str, command: Command, message: Message) -> Answer:
        async with self._pool.acquire() as pg:
            return await self._execute(pg, name, command, message)

    async def _write_once(self, name: str, command: Command, message: Message) -> Answer:
        session, number = command["lsid"]["id"], command["txnNumber"]
        if session not in self._writes or self._writes[session][0] != number:
            self._writes[session] = number, asyncio.create_task(self._alone(name, command, message))
        try:
            return await self._writes[session][1]
        except Exception:
            self._writes.pop(session, None)  # nothing was written: what is sent again is to be tried again
            raise

    async def _within(self, client: object, name: str, command: Command, message: Message) -> Answer:
        """One command of a transaction; an error ends the transaction."""
        session, number = command["lsid"]["id"], command["txnNumber"]
        if command.get("startTransaction") and number > self._aborted.get(session, -1):
            await self._begin(session, number, client)
        transaction = self._transactions.get(session)
        if transaction is None or transaction.number != number:
            raise CommandError(251, f"transaction {number} is not in progress")
        self._transactions[session] = transaction._replace(client=client)
        try:
            reply = await self._execute(transaction.pg, name, command, message)
        except Exception:
            await self._end(session, commit=False)
            raise
        if isinstance(reply, dict) and "writeErrors" in reply:
            await self._end(session, commit=False)
        return reply

    async def _begin(self, session: bytes, number: int, client: object) -> None:
        await self._end(session, commit=False)
        pg = await self._pool.acquire()
        inner = pg.transaction(isolation="repeatable_read")
        await inner.start()
        self._transactions[session] = Transaction(number, client, pg, inner)

    async def _finish(self, session: bytes, number: int, *, commit: bool) -> Reply:
        if not commit:
            self._aborted[session] = max(number, self._aborted.get(session, number))
            if session in self._transactions and self._transactions[session].number == number:
                await self._end(session, commit=False)
            return {"ok": 1.0}
        if session in self._transactions and self._transactions[session].number == number:
            self._commits[session] = number, asyncio.create_task(self._end(session, commit=True))
        if session not in self._commits or self._commits[session][0] != number:
            raise CommandError(251, f"transaction {number} is not in progress")
        await self._commits[session][1]
        return {"ok": 1.0}

    async def _end(self, session: bytes, *, commit: bool) -> bool:
        """Whether there was a transaction of this session to end."""
        transaction = self._transactions.pop(session, None)
        if transaction is None:
            return False
        try:
            await (transaction.inner.commit() if commit else transaction.inner.rollback())
        finally:
            await self._pool.release(transaction.pg)
        return True

    async def _execute(self, pg: Any, name: str, command: Command, message: Message) -> Answer:
        if name not in self._commands:
            raise CommandError(59, f"no such command: '{name}'")
        target, documents = command[next(iter(command))], next(iter(message.sequences.values()), None)
        request = Request(pg, name, command["$db"], target, command, message.body, documents)
        return await self._commands[name](request)

    async def _first_page(self, request: Request) -> Answer:
        pg, name, db, target, _, body, _ = request
        if name == "aggregate" and (b"$vectorSearch" in body or b"$listSearchIndexes" in body):
            command = bson.decode(body)
            if command.get("readConcern", {}).get("level", "local") != "local":
                raise CommandError(72, "searches cannot run with a readConcern other than 'local'")  # as in Atlas
            wanted = command["pipeline"][0].get("$listSearchIndexes")
            if wanted is not None:
                found = await vector_search.list_search_indexes(pg, db, target, wanted.get("name", wanted.get("id")))
                return {"ok": 1.0, "cursor": {"id": 0, "ns": f"{db}.{target}", "firstBatch": found}}
            command["pipeline"] = await vector_search.translate(pg, db, target, command["pipeline"])
            body = bson.encode(command)
        page, continuation, cursor = await pg.fetchrow(engine.CURSORS[name], db, body)
        if continuation is not None:
            self._cursors[cursor] = continuation
        return vector_search.without_search_indexes(page) if name == "listIndexes" else bytes(page)

    async def _next_page(self, request: Request) -> Answer:
        if request.target not in self._cursors:
            raise CommandError(43, f"cursor id {request.target} not found")
        before = self._cursors.pop(request.target)
        page, continuation = await request.pg.fetchrow(engine.MORE, request.db, request.body, before)
        if continuation is not None:
            self._cursors[request.target] = continuation
        return bytes(page)

    async def _kill_cursors(self, request: Request) -> Answer:
        killed = [cursor for cursor in request.command["cursors"] if self._cursors.pop(cursor, None)]
        missing = [cursor for cursor in request.command["cursors"] if cursor not in killed]
        return {"ok": 1.0, "cursorsKilled": killed, "cursorsNotFound": missing, "cursorsAlive": []}

    async def _write(self, request: Request) -> Answer:
        return await engine.write(request.pg, request.name, request.db, request.body, request.documents)

    async def _other(self, request: Request) -> Answer:
        return await engine.other(request.pg, request.name, request.db, request.body)


async def _nothing(_request: Request) -> Answer:
    return {"ok": 1.0}


async def _hello(_request: Request) -> Answer:
    return hello()


async def _build_info(_request: Request) -> Answer:
    return build_info()


async def _change_collection(request: Request) -> Answer:
    return bytes(await request.pg.fetchval(engine.CHANGE_COLLECTION, request.db, request.body, request.target))


async def _drop(request: Request) -> Answer:
    await request.pg.execute(vector_search.FORGET_COLLECTION, request.db, request.target)
    if not await request.pg.fetchval(engine.DROP, request.db, request.target):
        raise CommandError(26, "ns not found")
    return {"ok": 1.0, "ns": f"{request.db}.{request.target}"}


async def _drop_database(request: Request) -> Answer:
    await request.pg.execute(vector_search.FORGET_DATABASE, request.db)
    await request.pg.execute(engine.DROP_DATABASE, request.db)
    return {"ok": 1.0, "dropped": request.db}


async def _create_search_indexes(request: Request) -> Answer:
    create = vector_search.create_search_index
    specs = bson.decode(request.body)["indexes"]
    names = [await create(request.pg, request.db, request.target, spec) for spec in specs]
    return {"ok": 1.0, "indexesCreated": [{"id": name, "name": name} for name in names]}


async def _update_search_index(request: Request) -> Answer:
    pg, _, db, target, command, body, _ = request
    await vector_search.update_search_index(pg, db, target, command["name"], bson.decode(body)["definition"])
    return {"ok": 1.0}


async def _drop_search_index(request: Request) -> Answer:
    await vector_search.drop_search_index(request.pg, request.db, request.target, request.command["name"])
    return {"ok": 1.0}


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """Commands leave no state behind, so what resets one between two commands is a round trip for nothing."""

    def get_reset_query(self) -> str:
        return ""


async def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--postgres", required=True, help="where PostgreSQL listens, as a URI")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--idle", type=float, default=3600, help="seconds without a client after which it ends")
    options = parser.parse_args()
    sizes = {"min_size": WARM_CONNECTIONS, "max_size": CONNECTIONS}
    async with asyncpg.create_pool(options.postgres, connection_class=_Connection, **sizes) as pool:
        bridge = Bridge(pool)
        server = await asyncio.start_server(bridge.serve, "127.0.0.1", options.port)
        print(f"mongodb://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201
        while bridge.idle_seconds < options.idle:
            await asyncio.sleep(1)
        server.close()


if __name__ == "__main__":
    asyncio.run(main())
