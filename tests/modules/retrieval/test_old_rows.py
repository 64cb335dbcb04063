"""What earlier versions stored is read as before."""

from pathlib import Path

import numpy as np

from footnote.modules.retrieval.repository.schema import MIGRATIONS
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
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


async def test_chunks_of_the_first_schema_are_still_passages(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(tmp_path / "old.db", synchronous="off")
    await migrate(database, {"retrieval": MIGRATIONS[:1]})
    async with database.transaction() as tx:
        await tx.run(lambda connection: [connection.execute(*statement) for statement in OF_VERSION_1])
    await migrate(database, {"retrieval": MIGRATIONS})
    index = SqliteIndex(database, embedding="m", dimension=2)
    [passage] = await index.passages(Principal(tenant="acme", subject="ann"), "d1")
    assert (passage.text, passage.pages, passage.cells, passage.seconds) == ("fox", (2,), (), None)
    await database.close()
