"""A collection whose operations join our transactions and raise our errors."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import TYPE_CHECKING, Any

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.cursor import AsyncCursor
from pymongo.errors import BulkWriteError, DuplicateKeyError, NetworkTimeout
from pymongo.read_concern import ReadConcern

from footnote.platform.storage.mongo_gate import within

if TYPE_CHECKING:
    from footnote.platform.storage.mongo import MongoTransaction

SOME = 100  # rows of a cursor that are taken at a time
FAREWELL = 2.0  # seconds for telling the server that a cursor is no longer needed
# The server refuses these, and what holds them, under any other read concern than this one.
SEARCHES = frozenset({"$search", "$searchMeta", "$vectorSearch", "$listSearchIndexes", "$rankFusion", "$scoreFusion"})
OF_SEARCHES = ReadConcern("local")
DUPLICATE_KEY = 11000

Row = dict[str, Any]
Filter = Mapping[str, Any]
Update = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Collection:
    """Every operation takes the transaction that it is part of, or stands alone.

    Raises, each of them:
        StoreUnavailable: The server is gone, slow, full or refuses.
        OutcomeUnknown: The connection broke, or the time was up, while it was written.
        TransactionConflict: Another transaction wrote the same.
        DuplicateKeyError: The driver's own, of insertions and updates. It ends the transaction: look before.
    """

    def __init__(
        self, collection: AsyncCollection[Row], operation: Callable[..., AbstractAsyncContextManager[None]]
    ) -> None:
        """`operation` is what each has to be done within."""
        self.raw = collection
        self._operation = operation

    async def find_one(self, where: Filter, *, tx: "MongoTransaction | None" = None, **options: Any) -> Row | None:
        async with self._operation():
            return await self.raw.find_one(where, session=_session(tx), **options)

    async def find(self, where: Filter, *, tx: "MongoTransaction | None" = None, **options: Any) -> list[Row]:
        async with self._operation():
            return await self.raw.find(where, session=_session(tx), **options).to_list()

    async def each(self, where: Filter, **options: Any) -> AsyncGenerator[Row]:
        """Like `find`, for more than should be in memory at once."""
        cursor = self.raw.find(where, **options)
        try:
            while rows := await self._some_of(cursor):
                for row in rows:
                    yield row
        finally:
            with suppress(NetworkTimeout):  # a server that cannot be told ends it by itself
                async with within(FAREWELL):
                    await cursor.close()

    async def aggregate(
        self, pipeline: Sequence[Mapping[str, Any]], *, tx: "MongoTransaction | None" = None, **options: Any
    ) -> list[Row]:
        is_search = any(name in SEARCHES for stage in pipeline for name in stage)
        source = self.raw.with_options(read_concern=OF_SEARCHES) if is_search else self.raw
        async with self._operation():
            return await (await source.aggregate(pipeline, session=_session(tx), **options)).to_list()

    async def count(self, where: Filter, *, tx: "MongoTransaction | None" = None, **options: Any) -> int:
        async with self._operation():
            return await self.raw.count_documents(where, session=_session(tx), **options)

    async def distinct(self, field: str, where: Filter, *, tx: "MongoTransaction | None" = None) -> list[Any]:
        async with self._operation():
            return await self.raw.distinct(field, where, session=_session(tx))

    async def insert_one(self, row: Row, *, tx: "MongoTransaction | None" = None) -> None:
        async with self._operation(is_write=tx is None):
            await self.raw.insert_one(row, session=_session(tx))

    async def insert_many(
        self, rows: Sequence[Row], *, tx: "MongoTransaction | None" = None, ordered: bool = True
    ) -> None:
        async with self._operation(is_write=tx is None):
            try:
                await self.raw.insert_many(rows, ordered=ordered, session=_session(tx))
            except BulkWriteError as error:
                raise _duplicate(error) or error from None

    async def update_one(
        self, where: Filter, update: Update, *, tx: "MongoTransaction | None" = None, upsert: bool = False
    ) -> int:
        """Documents that matched, or were inserted: 1 or 0."""
        async with self._operation(is_write=tx is None):
            result = await self.raw.update_one(where, update, upsert=upsert, session=_session(tx))
        return 1 if result.upserted_id is not None else result.matched_count

    async def update_many(self, where: Filter, update: Update, *, tx: "MongoTransaction | None" = None) -> int:
        """Documents that matched."""
        async with self._operation(is_write=tx is None):
            return (await self.raw.update_many(where, update, session=_session(tx))).matched_count

    async def replace_one(
        self, where: Filter, row: Row, *, tx: "MongoTransaction | None" = None, upsert: bool = False
    ) -> int:
        async with self._operation(is_write=tx is None):
            return (await self.raw.replace_one(where, row, upsert=upsert, session=_session(tx))).matched_count

    async def change_one(
        self,
        where: Filter,
        update: Update,
        *,
        tx: "MongoTransaction | None" = None,
        upsert: bool = False,
        **options: Any,
    ) -> Row | None:
        """The document as it is afterwards, or None where none matched."""
        async with self._operation(is_write=tx is None):
            changed: Row | None = await self.raw.find_one_and_update(
                where, update, upsert=upsert, return_document=ReturnDocument.AFTER, session=_session(tx), **options
            )
        return changed

    async def take_one(self, where: Filter, *, tx: "MongoTransaction | None" = None, **options: Any) -> Row | None:
        """Delete a document and give it back, or None where none matched."""
        async with self._operation(is_write=tx is None):
            taken: Row | None = await self.raw.find_one_and_delete(where, session=_session(tx), **options)
        return taken

    async def delete_one(self, where: Filter, *, tx: "MongoTransaction | None" = None) -> int:
        async with self._operation(is_write=tx is None):
            return (await self.raw.delete_one(where, session=_session(tx))).deleted_count

    async def delete_many(self, where: Filter, *, tx: "MongoTransaction | None" = None) -> int:
        async with self._operation(is_write=tx is None):
            return (await self.raw.delete_many(where, session=_session(tx))).deleted_count

    async def _some_of(self, cursor: AsyncCursor[Row]) -> list[Row]:
        async with self._operation():
            return await cursor.to_list(SOME)


def _duplicate(error: BulkWriteError) -> DuplicateKeyError | None:
    """The duplicate key among what was refused, as a single insertion would tell of it."""
    refused = (error.details or {}).get("writeErrors", ())
    found = next((each for each in refused if each["code"] == DUPLICATE_KEY), None)
    return DuplicateKeyError(found["errmsg"], DUPLICATE_KEY, found) if found else None


def _session(tx: "MongoTransaction | None") -> AsyncClientSession | None:
    return None if tx is None else tx.session
