"""MongoDB: one client for all repositories, transactions, and its errors as ours.

Writes are acknowledged by a majority and journaled, reads see only what a majority has (`majority`; inside a
transaction `snapshot`; searches allow no other than `local`), always of the primary: whoever wrote something reads it.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta
from typing import Any

import msgspec
import pymongo
from bson.codec_options import CodecOptions
from bson.errors import InvalidBSON
from loguru import logger
from pymongo import AsyncMongoClient, ReadPreference
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError, NetworkTimeout, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from footnote.platform.ids import new_id
from footnote.platform.storage import Transaction
from footnote.platform.storage.cancellation import to_its_end, unswallowed_cancellation
from footnote.platform.storage.errors import OutcomeUnknown, StoreUnavailable, TransactionConflict
from footnote.platform.storage.mongo_client import client_of
from footnote.platform.storage.mongo_collection import Collection
from footnote.platform.storage.mongo_errors import in_full, in_short, is_doubtful
from footnote.platform.storage.mongo_gate import Gate, within
from footnote.platform.storage.mongo_sequence import Sequence

DEFAULT_DATABASE = "footnote"
TRANSIENT = "TransientTransactionError"
UNKNOWN_COMMIT = "UnknownTransactionCommitResult"
WRITE_CONFLICT = 112
COMMIT_ATTEMPTS = 5
HARDLY = 0.1  # seconds that a server which is gone is waited for
MAJORITY = WriteConcern(w="majority", j=True)


class MongoOptions(msgspec.Struct, frozen=True, kw_only=True):
    selection: timedelta = timedelta(seconds=4)  # longest wait for a server that can take the operation
    connect: timedelta = timedelta(seconds=4)
    operation: timedelta = timedelta(seconds=10)  # longest time of one operation, its retry included
    pool_size: int = 50  # connections to each server
    pool_wait: timedelta = timedelta(seconds=4)  # longest wait for one of them


class MongoTransaction:
    store = "mongodb"

    def __init__(self, session: AsyncClientSession, events: Sequence) -> None:
        self.session = session
        self.is_doubtful = False  # being committed, with no answer yet
        self._events = events
        self._name = new_id()
        self._taken = 0  # numbers of events

    async def next_event(self) -> int:
        """A number greater than those of all events that anybody has seen; it is seen once this is committed."""
        self._taken += 1
        return await self._events.take(self._name, self._taken)

    async def vouch(self) -> None:
        """
        Raises:
            TransactionConflict: It has taken so long that somebody gave up on its events.
        """
        if self._taken:
            with raced():
                await self._events.vouch(self._name, self)

    async def settle(self) -> None:
        """Its events are committed, or never will be; whether those in doubt are, readers find out."""
        if self._taken and self.is_doubtful:
            self._events.doubt(self._name)
        elif self._taken:
            await self._events.settle(self._name)


def mongo(tx: Transaction) -> MongoTransaction:
    """The transaction as this adapter's own kind."""
    if not isinstance(tx, MongoTransaction):
        raise TypeError(f"a {tx.store} transaction was given to a MongoDB repository")
    return tx


class MongoDatabase:
    """Transactions that may conflict, and collections by name. Any number of processes use one database."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]], name: str, options: MongoOptions) -> None:
        self.client = client
        self.name = name
        self._options = options
        codec: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
        self.database = client.get_database(
            name,
            codec_options=codec,
            read_preference=ReadPreference.PRIMARY,
            write_concern=MAJORITY,
            read_concern=ReadConcern("majority"),
        )
        self._gate = Gate(
            client,
            selection=options.selection,
            operation=options.operation,
            pool_size=options.pool_size,
            pool_wait=options.pool_wait,
        )
        self.events = Sequence(self.collection("counter"), self.collection("settlement"), "event")

    @classmethod
    async def open(cls, uri: str, options: MongoOptions | None = None, *, name: str | None = None) -> "MongoDatabase":
        """Connect to the server that `uri` names, and to its database, `footnote` if it names none; `name` is another.

        Raises:
            StoreUnavailable: No server answers, or it refuses us.
        """
        options = options or MongoOptions()
        with translated_errors(in_full):
            client: AsyncMongoClient[dict[str, Any]] = client_of(uri, options)
            database = cls(client, name or client.get_default_database(DEFAULT_DATABASE).name, options)
        try:
            with translated_errors(in_full):
                async with within(options.selection.total_seconds()):
                    await client.admin.command("ping")
        except BaseException:
            await database.close()
            raise
        return database

    def collection(self, name: str) -> Collection:
        return Collection(self.database[name], self.operation)

    @asynccontextmanager
    async def operation(self, *, is_write: bool = False) -> AsyncIterator[None]:
        """What is asked of the driver itself is asked in here: it waits its turn, and fails with our errors.

        `is_write` is said of what changes something outside of a transaction.

        Raises:
            As `translated_errors`.
        """
        with translated_errors(), unswallowed_cancellation():
            async with self._gate.passed():
                with _doubt() if is_write else nullcontext():
                    async with self._gate.watched():
                        yield

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MongoTransaction]:
        """One attempt. Whoever wants another after a `TransactionConflict` decorates with `again_on_conflict`."""
        async with self.client.start_session() as session:
            tx = MongoTransaction(session, self.events)
            await session.start_transaction(ReadConcern("snapshot"), MAJORITY, ReadPreference.PRIMARY)
            try:
                yield tx
                await tx.vouch()
                await to_its_end(self._commit(tx))
            finally:
                await to_its_end(self._end(tx))

    async def check(self) -> None:
        """
        Raises:
            StoreUnavailable: The server does not answer.
        """
        async with self.operation():
            await self.client.admin.command("ping")

    async def command(self, name: str, value: Any = 1, **arguments: Any) -> dict[str, Any]:
        async with self.operation():
            reply: dict[str, Any] = await self.database.command(name, value, **arguments)
        return reply

    async def drop(self) -> None:
        """Delete the database with all that is in it."""
        async with self.operation():
            await self.client.drop_database(self.name)

    async def close(self) -> None:
        """A server that does not answer is not told, and ends our sessions by itself."""
        with suppress(NetworkTimeout):
            async with within(self._options.selection.total_seconds()):
                await self.client.close()

    async def _commit(self, tx: MongoTransaction) -> None:
        async with self.operation(is_write=True):
            tx.is_doubtful = True
            try:
                with pymongo.timeout(self._options.operation.total_seconds()):
                    await _commit_once(tx.session)
            except PyMongoError as error:
                tx.is_doubtful = not _is_conflict(error)
                raise
            tx.is_doubtful = False

    async def _end(self, tx: MongoTransaction) -> None:
        """Nobody is kept waiting for it: the server ends what is not gone on with, and events settle with the next."""
        patience = self._options.selection.total_seconds() if self._gate.is_open else HARDLY
        with suppress(StoreUnavailable), translated_errors():
            async with within(patience):
                if tx.session.in_transaction:
                    await tx.session.abort_transaction()
                await tx.settle()


@contextmanager
def translated_errors(describe: Callable[[PyMongoError | InvalidBSON], str] = in_short) -> Iterator[None]:
    """The driver's errors as ours, but for a duplicate key, which only the repository can name.

    Raises:
        TransactionConflict: Another transaction wrote the same, or the connection broke: it may succeed from the start.
        OutcomeUnknown: The connection broke while the transaction was being committed.
        StoreUnavailable: Anything else.
    """
    try:
        yield
    except DuplicateKeyError:
        raise
    except InvalidBSON as error:
        raise StoreUnavailable(describe(error)) from error
    except PyMongoError as error:
        logger.bind(reason=in_full(error)).debug("The store failed")
        if error.has_error_label(UNKNOWN_COMMIT):
            raise OutcomeUnknown(describe(error)) from error
        if _is_conflict(error):
            raise TransactionConflict(describe(error)) from error
        raise StoreUnavailable(describe(error)) from error


@contextmanager
def _doubt() -> Iterator[None]:
    try:
        yield
    except PyMongoError as error:
        if is_doubtful(error):
            raise OutcomeUnknown(in_short(error)) from error
        raise


def _is_conflict(error: PyMongoError) -> bool:
    """Whether another attempt may succeed at once. After a timeout it would only wait again."""
    if error.timeout:
        return False
    return error.has_error_label(TRANSIENT) or (isinstance(error, OperationFailure) and error.code == WRITE_CONFLICT)


@contextmanager
def raced() -> Iterator[None]:
    """For insertions in a transaction that looked before: who meets a duplicate all the same came second in a race.

    Raises:
        TransactionConflict: From the start, the transaction sees what the other one inserted.
    """
    try:
        yield
    except DuplicateKeyError as error:
        raise TransactionConflict("another request inserted the same") from error


async def _commit_once(session: AsyncClientSession) -> None:
    """However often the driver asks under the same transaction number, the server commits once."""
    for attempt in range(1, COMMIT_ATTEMPTS + 1):
        try:
            await session.commit_transaction()
            return
        except PyMongoError as error:
            if _is_conflict(error):
                raise
            if attempt == COMMIT_ATTEMPTS:
                raise OutcomeUnknown(in_short(error)) from error
