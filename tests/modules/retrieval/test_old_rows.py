"""What earlier versions stored is read as before."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from footnote.modules.retrieval.repository.schema import MIGRATIONS
from footnote.modules.retrieval.repository.spaces import Space
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.modules.retrieval.repository.sqlite_spaces import SqliteSpaces
from footnote.platform.principal import Principal
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

EMBEDDING = np.array([1, 0], "<f4").tobytes()
OF_VERSION_1 = [
    ("INSERT INTO build VALUES (1, 'acme', 'd1', 'b1', 1, 'm')", ()),
    (
        "INSERT INTO chunk VALUES (1, 1, 'c1', 'child', 0, 3, 1, 'Title', 'fox', ?)",
        ('{"heading_path":["A"],"pages":[2]}',),
    ),
    ("INSERT INTO chunk_embedding VALUES (1, ?)", (EMBEDDING,)),
    ("INSERT INTO publication VALUES ('acme', 'd1', 1, 1, 'ann', '[]', 'Title', 't', NULL, '{}', 0)", ()),
    ("INSERT INTO index_change VALUES (1, 'acme', 'd1', 'published')", ()),
]


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """What version 1 stored, after all migrations since."""
    database = await SqliteDatabase.open(tmp_path / "old.db", synchronous="off")
    await migrate(database, {"retrieval": MIGRATIONS[:1]})
    async with database.transaction() as tx:
        await tx.run(lambda connection: [connection.execute(*statement) for statement in OF_VERSION_1])
    await migrate(database, {"retrieval": MIGRATIONS})
    yield database
    await database.close()


async def test_chunks_of_the_first_schema_are_still_passages(old: SqliteDatabase) -> None:
    index = SqliteIndex(old, embedding="m", dimension=2)
    [passage] = await index.passages(Principal(tenant="acme", subject="ann"), "d1")
    assert (passage.text, passage.pages, passage.cells, passage.seconds) == ("fox", (2,), (), None)


async def test_the_model_that_embedded_an_old_store_is_the_active_one(old: SqliteDatabase) -> None:
    assert await SqliteSpaces(old).living() == (Space(name="m", dimension=2, state="active"),)
    assert (await SqliteSpaces(old).begin("other", 3)).state == "filling"
