"""Numbered migrations of a MongoDB store; each slice numbers its own, from 1.

A migration is a list of steps that may run twice: MongoDB has no transaction around them, so one that was cut off is
run again from its start.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Literal

import msgspec
from loguru import logger
from pymongo.errors import CollectionInvalid, DuplicateKeyError

from footnote.platform.clock import utc_now
from footnote.platform.ids import new_id
from footnote.platform.storage.errors import ForeignDatabase, SchemaOutdated, SchemaTooNew, StoreUnavailable
from footnote.platform.storage.mongo import MongoDatabase, translated_errors
from footnote.platform.storage.mongo_errors import in_full
from footnote.platform.storage.mongo_gate import lasting

LEDGER = "migration"
LOCK = "lock"
LOCK_LIFE = timedelta(minutes=2)  # of whoever migrates, unless it says that it lives
LOCK_PAUSE = 0.2  # seconds
LONGEST_STEP = 24 * 3600.0  # seconds; an index over many documents takes longer than other operations may
Direction = Literal[1, -1, "text", "hashed"]


class AddCollection(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    name: str
    validator: dict[str, Any]  # a query, such as {"$jsonSchema": …}, that every document has to meet


class AddIndex(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    collection: str
    name: str
    keys: tuple[tuple[str, Direction], ...]
    unique: bool = False
    partial: dict[str, Any] | None = None  # what documents must meet to be in it
    seconds: int | None = None  # after the time in its only key documents are deleted
    weights: dict[str, int] | None = None  # of the fields of a text index
    language: str | None = None  # of a text index; "none" neither stems nor leaves words out
    language_field: str | None = None  # of documents, overriding `language`


class DropIndex(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    collection: str
    name: str


class UpdateAll(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Bring older documents into shape; `where` leaves out those that already are."""

    collection: str
    where: dict[str, Any]
    update: list[dict[str, Any]]


Step = AddCollection | AddIndex | DropIndex | UpdateAll


class MongoMigration(msgspec.Struct, frozen=True):
    """Never changed once it was released: a store that has it in another form is one of another version."""

    number: int
    name: str
    steps: tuple[Step, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self.steps)).hexdigest()


MongoSlices = Mapping[str, Sequence[MongoMigration]]


async def migrate(database: MongoDatabase, slices: MongoSlices) -> list[str]:
    """Apply what is missing, one after another; the labels of what was applied. Two at once take turns.

    Raises:
        SchemaTooNew: The store has migrations that `slices` does not know.
    """
    async with _Turn(database):
        return await _apply_missing(database, slices)


async def set_up(database: MongoDatabase, slices: MongoSlices) -> list[str]:
    """Migrate a store that nobody has ever set up; any other has to be current.

    Raises:
        ForeignDatabase: Others keep their documents in collections of the same names.
        SchemaOutdated: Migrations are missing.
        SchemaTooNew: The store has migrations that `slices` does not know.
    """
    if not await _missing(database, slices):
        return []
    async with _Turn(database):  # somebody else may be setting it up
        if await is_new(database):
            await _require_own(database, slices)
            return await _apply_missing(database, slices)
        await require_current(database, slices)
        return []


async def require_current(database: MongoDatabase, slices: MongoSlices) -> None:
    """
    Raises:
        SchemaOutdated: Migrations are missing.
        SchemaTooNew: The store has migrations that `slices` does not know.
    """
    if missing := await _missing(database, slices):
        raise SchemaOutdated([_label(name, migration.number, migration.name) for name, migration in missing])


async def is_new(database: MongoDatabase) -> bool:
    """Whether nobody has ever set it up."""
    return await database.collection(LEDGER).find_one({}) is None


async def _require_own(database: MongoDatabase, slices: MongoSlices) -> None:
    steps = (step for migrations in slices.values() for migration in migrations for step in migration.steps)
    names = sorted({step.name for step in steps if isinstance(step, AddCollection)})
    if foreign := [name for name in names if await database.collection(name).find_one({}) is not None]:
        raise ForeignDatabase(database.name, foreign)


async def _apply_missing(database: MongoDatabase, slices: MongoSlices) -> list[str]:
    applied = []
    for name, migration in await _missing(database, slices):
        for step in migration.steps:
            with lasting(LONGEST_STEP):
                await apply(database, step)
        await _record(database, name, migration)
        applied.append(_label(name, migration.number, migration.name))
    return applied


async def _missing(database: MongoDatabase, slices: MongoSlices) -> list[tuple[str, MongoMigration]]:
    rows = await database.collection(LEDGER).find({})
    every = [(name, migration) for name, migrations in slices.items() for migration in migrations]
    known = {(name, migration.number, migration.sha256) for name, migration in every}
    if unknown := [row for row in rows if (row["slice"], row["number"], row["sha256"]) not in known]:
        raise SchemaTooNew([_label(row["slice"], row["number"], row["name"]) for row in unknown])
    applied = {(row["slice"], row["number"]) for row in rows}
    return [(name, migration) for name, migration in every if (name, migration.number) not in applied]


def _label(slice_name: str, number: int, name: str) -> str:
    return f"{slice_name}/{number:04d} {name}"


async def _record(database: MongoDatabase, slice_name: str, migration: MongoMigration) -> None:
    row = {
        "_id": f"{slice_name}/{migration.number}",
        "slice": slice_name,
        "number": migration.number,
        "name": migration.name,
        "sha256": migration.sha256,
        "applied_at": utc_now(),
    }
    await database.collection(LEDGER).replace_one({"_id": row["_id"]}, row, upsert=True)


async def apply(database: MongoDatabase, step: Step) -> None:
    match step:
        case AddCollection():
            await _add_collection(database, step)
        case AddIndex():
            with translated_errors(in_full):
                await database.database[step.collection].create_index(list(step.keys), **_index_options(step))
        case DropIndex():
            indexes = await database.database[step.collection].index_information()
            if step.name in indexes:
                with translated_errors(in_full):
                    await database.database[step.collection].drop_index(step.name)
        case UpdateAll():
            await database.collection(step.collection).update_many(step.where, step.update)


async def _add_collection(database: MongoDatabase, step: AddCollection) -> None:
    with translated_errors(in_full):
        try:
            await database.database.create_collection(step.name, validator=step.validator)
        except CollectionInvalid:  # it is there: this migration was cut off before
            await database.database.command("collMod", step.name, validator=step.validator)


def _index_options(step: AddIndex) -> dict[str, Any]:
    options = {
        "unique": step.unique or None,
        "partialFilterExpression": step.partial,
        "expireAfterSeconds": step.seconds,
        "weights": step.weights,
        "default_language": step.language,
        "language_override": step.language_field,
    }
    return {"name": step.name, **{name: value for name, value in options.items() if value is not None}}


class _Turn:
    """A lock in the store, held while its holder says that it lives."""

    def __init__(self, database: MongoDatabase) -> None:
        self._locks = database.collection(LOCK)
        self._holder = new_id()
        self._renewing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        if not await self._taken():
            logger.warning("Another process is migrating the store, or was killed while it did; waiting")
            while not await self._taken():  # noqa: ASYNC110 - the holder is another process
                await asyncio.sleep(LOCK_PAUSE)
        self._renewing = asyncio.create_task(self._renew())

    async def __aexit__(self, *_: object) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
        await self._locks.delete_one({"_id": "migration", "holder": self._holder})

    async def _taken(self) -> bool:
        now = utc_now()
        held = {"$set": {"holder": self._holder, "until": now + LOCK_LIFE}}
        try:
            await self._locks.update_one({"_id": "migration", "until": {"$lt": now}}, held, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(LOCK_LIFE.total_seconds() / 4)
            with suppress(StoreUnavailable):
                until = utc_now() + LOCK_LIFE
                await self._locks.update_one({"_id": "migration", "holder": self._holder}, {"$set": {"until": until}})
