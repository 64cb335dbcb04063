import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.sqlite import SqliteDatabase


def create(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE pet (name TEXT PRIMARY KEY) STRICT")


def add(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO pet VALUES ('cat')")


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM pet").fetchone()[0])


@pytest.fixture
async def pets(database: SqliteDatabase) -> SqliteDatabase:
    async with database.transaction() as tx:
        await tx.run(create)
    return database


async def test_a_transaction_commits_at_its_end(pets: SqliteDatabase) -> None:
    async with pets.transaction() as tx:
        await tx.run(add)
        assert await pets.read(count) == 0
    assert await pets.read(count) == 1


async def test_an_error_rolls_everything_back(pets: SqliteDatabase) -> None:
    with pytest.raises(ValueError, match="stop"):
        async with pets.transaction() as tx:
            await tx.run(add)
            raise ValueError("stop")
    assert await pets.read(count) == 0


async def test_a_broken_constraint_rolls_back_and_keeps_its_kind(pets: SqliteDatabase) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        async with pets.transaction() as tx:
            await tx.run(add)
            await tx.run(add)
    assert await pets.read(count) == 0


async def test_a_cancelled_transaction_leaves_the_writer_usable(pets: SqliteDatabase) -> None:
    async def write_and_wait() -> None:
        async with pets.transaction() as tx:
            await tx.run(add)
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with pets.transaction() as tx:
        assert await tx.run(count) == 0


async def test_writers_take_turns(pets: SqliteDatabase) -> None:
    async def insert(name: str) -> None:
        async with pets.transaction() as tx:
            await tx.run(lambda connection: connection.execute("INSERT INTO pet VALUES (?)", (name,)))

    await asyncio.gather(*(insert(f"pet {number}") for number in range(20)))
    assert await pets.read(count) == 20


async def test_a_second_process_would_see_what_was_committed(pets: SqliteDatabase) -> None:
    other = await SqliteDatabase.open(pets.path)
    async with pets.transaction() as tx:
        await tx.run(add)
    assert await other.read(count) == 1
    await other.close()


async def test_a_locked_store_is_unavailable(pets: SqliteDatabase) -> None:
    other = await SqliteDatabase.open(pets.path, busy_timeout=timedelta(milliseconds=10))
    async with pets.transaction():
        with pytest.raises(StoreUnavailable, match="locked"):
            async with other.transaction():
                pass
    await other.close()


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "footnote.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await SqliteDatabase.open(path)


async def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="unable to open"):
        await SqliteDatabase.open(tmp_path / "nowhere" / "footnote.db")


@pytest.mark.parametrize("replaced", [True, False])
async def test_a_file_that_was_taken_away_takes_no_more(pets: SqliteDatabase, replaced: bool) -> None:
    await asyncio.to_thread(pets.path.rename, pets.path.with_name("elsewhere.db"))
    if replaced:
        await asyncio.to_thread(pets.path.touch)
    for refused in (pets.check(), pets.transaction().__aenter__()):
        with pytest.raises(StoreUnavailable, match="deleted or replaced"):
            await refused
    await asyncio.to_thread(pets.path.with_name("elsewhere.db").rename, pets.path)
    async with pets.transaction() as tx:
        await tx.run(add)
    assert await pets.read(count) == 1
