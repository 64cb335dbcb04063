"""Inverted lists of the index in memory."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from footnote.modules.retrieval import Build, Card, Chunk
from footnote.modules.retrieval.repository.memory import dense, segments
from footnote.modules.retrieval.repository.memory.keeping import Keeping
from footnote.modules.retrieval.repository.memory.loading import Space
from footnote.modules.retrieval.repository.memory.view import PublishedIndex, View
from footnote.modules.retrieval.repository.schema import MIGRATIONS
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

SPACE = Space("test:model", 16)
MANY = 300


def store(database: SqliteDatabase) -> SqliteIndex:
    return SqliteIndex(database, embedding=SPACE.name, dimension=SPACE.dimension)


async def published(database: SqliteDatabase, name: str, chunks: int) -> None:
    build = Build(id="b", tenant="t", document_id=name, version=1, embedding=SPACE.name)
    card = Card(
        tenant="t", document_id=name, owner="o", readers=(), title=name, media_type="text/plain", language=None,
        metadata={}, created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    made = [Chunk(start=10 * place, end=10 * place + 5, text="words", tokens=1) for place in range(chunks)]
    embeddings = np.random.default_rng(chunks).standard_normal((chunks, SPACE.dimension)).astype(np.float32)
    async with database.transaction() as tx:
        await store(database).write(tx, build, card.title, made, embeddings)
        await store(database).publish(tx, build, card, 1)


async def viewed(database: SqliteDatabase, index: PublishedIndex) -> View:
    """When there is nothing left to tidy."""
    await database.read(index.at)
    index.background.wait()
    return await database.read(index.at)


@pytest.fixture
async def database(tmp_path: Path):
    database = await SqliteDatabase.open(tmp_path / "store.db", synchronous="off")
    await migrate(database, {"retrieval": MIGRATIONS})
    await published(database, "large", MANY)
    yield database
    await database.close()


@pytest.fixture
def thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "SCANNED", MANY * SPACE.dimension)
    monkeypatch.setattr(dense, "LISTED", MANY)


async def test_few_chunks_are_scanned(database: SqliteDatabase) -> None:
    view = await viewed(database, PublishedIndex(SPACE))
    assert [segment.vectors.lists for segment in view.tenants["t"].segments] == [None]


@pytest.mark.usefixtures("thresholds")
async def test_a_tenant_that_grows_gets_inverted_lists(database: SqliteDatabase) -> None:
    index = PublishedIndex(SPACE)
    before = await viewed(database, index)
    await published(database, "more", 2)
    after = await viewed(database, index)
    assert before.tenants["t"].segments[0].vectors.lists is None
    assert after.tenants["t"].segments[0].vectors.lists is not None


@pytest.mark.usefixtures("thresholds")
async def test_lists_come_without_a_change_at_the_next_start(database: SqliteDatabase) -> None:
    await published(database, "more", 2)
    view = await viewed(database, PublishedIndex(SPACE))
    assert view.tenants["t"].segments[0].vectors.lists is not None


@pytest.mark.usefixtures("thresholds")
async def test_lists_are_saved_with_the_index(
    database: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keeping, "is_due", lambda keeping, chunks: keeping._added > 0)
    monkeypatch.setattr(segments, "FEW", 100)
    await published(database, "more", 2)
    await viewed(database, PublishedIndex(SPACE, Keeping(tmp_path / "index", database.path, SPACE)))
    monkeypatch.setattr(dense.InvertedLists, "of", None)  # they are not made again
    view = await database.read(PublishedIndex(SPACE, Keeping(tmp_path / "index", database.path, SPACE)).at)
    assert view.tenants["t"].segments[0].vectors.lists is not None


@pytest.mark.usefixtures("thresholds")
async def test_what_is_deleted_is_gone_from_a_segment_with_lists(database: SqliteDatabase) -> None:
    await published(database, "more", 2)
    index = PublishedIndex(SPACE)
    await viewed(database, index)
    async with database.transaction() as tx:
        await store(database).remove(tx, "t", "large")
    view = await viewed(database, index)
    assert sum(segment.size - segment.dead for segment in view.tenants["t"].segments) == 2
