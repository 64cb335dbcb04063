import pytest

from footnote.platform.storage.errors import SchemaOutdated, SchemaTooNew
from footnote.platform.storage.migrations import Migration, migrate, require_current, statements
from footnote.platform.storage.sqlite import SqliteDatabase

FIRST = Migration(1, "pets", "CREATE TABLE pet (name TEXT) STRICT;\nCREATE INDEX pet_name ON pet (name);")
SECOND = Migration(2, "toys", "CREATE TABLE toy (name TEXT) STRICT;")
BROKEN = Migration(3, "broken", "CREATE TABLE a (name TEXT) STRICT;\nCREATE TABLE pet (name TEXT) STRICT;")


async def test_each_migration_is_applied_once(database: SqliteDatabase) -> None:
    assert await migrate(database, {"zoo": [FIRST]}) == ["zoo/0001 pets"]
    assert await migrate(database, {"zoo": [FIRST, SECOND]}) == ["zoo/0002 toys"]
    await require_current(database, {"zoo": [FIRST, SECOND]})


async def test_a_failing_migration_leaves_nothing_behind(database: SqliteDatabase) -> None:
    with pytest.raises(Exception, match="pet"):
        await migrate(database, {"zoo": [FIRST, BROKEN]})
    with pytest.raises(SchemaOutdated, match="zoo/0001 pets"):
        await require_current(database, {"zoo": [FIRST]})


async def test_an_older_store_is_refused_with_the_command_that_mends_it(database: SqliteDatabase) -> None:
    await migrate(database, {"zoo": [FIRST]})
    with pytest.raises(SchemaOutdated, match="footnote migrate"):
        await require_current(database, {"zoo": [FIRST, SECOND]})


async def test_a_newer_store_is_refused(database: SqliteDatabase) -> None:
    await migrate(database, {"zoo": [FIRST, SECOND]})
    with pytest.raises(SchemaTooNew, match="zoo/0002 toys"):
        await migrate(database, {"zoo": [FIRST]})


async def test_a_store_whose_migration_was_another_is_refused(database: SqliteDatabase) -> None:
    await migrate(database, {"zoo": [FIRST]})
    with pytest.raises(SchemaTooNew, match="zoo/0001 pets"):
        await migrate(database, {"zoo": [Migration(1, "pets", "CREATE TABLE pet (age INTEGER) STRICT;")]})


def test_a_trigger_is_one_statement() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM b;\n  DELETE FROM c;\nEND;"
    assert list(statements(f"CREATE TABLE a (x);\n{trigger}\nSELECT 1")) == ["CREATE TABLE a (x);", trigger, "SELECT 1"]
