"""What is saved of the index in memory, and what is made of it at the next start."""

import errno
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from support.shelf import DIMENSION, MODEL, Shelf, opened_shelf
from support.stores import sqlite_store

from footnote.modules.retrieval.lexical.counting import hash_of
from footnote.modules.retrieval.repository.memory import keeping, segments
from footnote.modules.retrieval.repository.memory.keeping import Keeping
from footnote.modules.retrieval.repository.memory.loading import Space
from footnote.modules.retrieval.repository.memory.sparse import language_salt
from footnote.modules.retrieval.repository.memory.view import PublishedIndex, View
from footnote.modules.retrieval.repository.sqlite import SqliteIndex

SPACE = Space(MODEL, DIMENSION)


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with sqlite_store(tmp_path) as store, opened_shelf(store) as opened:
        await opened.add("d1", "fox", "hen", readers=("user:bob",))
        await opened.add("d2", "owl")
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@contextmanager
def reading(shelf: Shelf) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(shelf.store.database.path)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def index_at(shelf: Shelf, folder: Path, space: Space = SPACE) -> PublishedIndex:
    return PublishedIndex(space, Keeping(folder, shelf.store.database.path, space, many=1, patience=0))


def viewed(shelf: Shelf, index: PublishedIndex) -> View:
    with reading(shelf) as connection:
        view = index.at(connection)
    index.background.wait()
    return view


def saved(shelf: Shelf, folder: Path) -> None:
    viewed(shelf, index_at(shelf, folder))


def read_back(shelf: Shelf, folder: Path, space: Space = SPACE) -> View | None:
    """What is in the files alone."""
    kept = Keeping(folder, shelf.store.database.path, space)
    with reading(shelf) as connection:
        snapshot = kept.opened(connection)
    return snapshot and View(head=snapshot.head, tenants=snapshot.tenants)


def living(view: View | None) -> list[tuple[int, str]]:
    """Numbers of chunks, each with its document."""
    tenant = view.tenants["acme"] if view else None
    rows = (
        []
        if tenant is None
        else [
            (number, tenant.documents.ids[code])
            for segment in tenant.segments
            for number, code in zip(segment.numbers.tolist(), segment.documents.tolist(), strict=True)
            if code
        ]
    )
    return sorted(rows)


def keys(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_what_was_saved_is_there_at_the_next_start(shelf: Shelf, folder: Path) -> None:
    saved(shelf, folder)
    assert living(read_back(shelf, folder)) == [(1, "d1"), (2, "d1"), (3, "d2")]


async def test_what_changed_since_is_caught_up_with(shelf: Shelf, folder: Path) -> None:
    saved(shelf, folder)
    await shelf.remove("d1")
    await shelf.add("d3", "bat")
    assert living(viewed(shelf, index_at(shelf, folder))) == [(3, "d2"), (4, "d3")]


async def test_large_segments_are_searched_out_of_their_files(
    shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "FEW", 1)
    saved(shelf, folder)
    view = read_back(shelf, folder)
    assert living(view) == [(1, "d1"), (2, "d1"), (3, "d2")]
    assert view is not None
    [segment] = view.tenants["acme"].segments
    rows = np.array([2, 0])
    assert segment.file
    assert segment.embeddings(rows, lambda numbers: np.zeros((0, 0))).tolist() == [[1, 0, 0, 0]] * 2


async def test_what_was_deleted_goes_out_of_the_files_as_well(shelf: Shelf, folder: Path) -> None:
    index = index_at(shelf, folder)
    viewed(shelf, index)
    word = int(np.uint64(hash_of("fox")) ^ language_salt("en")).to_bytes(8, "little")
    assert word in keys(folder)
    await shelf.remove("d1")
    viewed(shelf, index)
    assert word not in keys(folder)


async def test_what_another_process_deleted_goes_though_nobody_searches(shelf: Shelf, folder: Path) -> None:
    index = SqliteIndex(shelf.store.database, embedding=MODEL, dimension=DIMENSION, folder=folder)
    index._published = index_at(shelf, folder)
    await index.refresh()
    await shelf.remove("d1")
    await index.sweep()
    index._published.background.wait()
    assert living(read_back(shelf, folder)) == [(3, "d2")]


async def test_a_full_disk_is_left_as_it_was_and_tried_again_later(
    shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keeping, "REST", 0.0)
    index = index_at(shelf, folder)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        viewed(shelf, index)
    assert keys(folder) == b""
    index.tidy()
    index.background.wait()
    assert living(read_back(shelf, folder)) == [(1, "d1"), (2, "d1"), (3, "d2")]


async def test_a_snapshot_for_a_model_that_nobody_uses_is_not_kept(shelf: Shelf, folder: Path) -> None:
    viewed(shelf, index_at(shelf, folder, Space("retired:model", DIMENSION)))
    assert len(named(shelf)) == 1
    saved(shelf, folder)
    assert read_back(shelf, folder, Space("retired:model", DIMENSION)) is None
    assert living(read_back(shelf, folder)) == [(1, "d1"), (2, "d1"), (3, "d2")]


def cut_off(folder: Path, share: float) -> None:
    for path in folder.rglob("*.snapshot"):
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def named(shelf: Shelf) -> set[str]:
    with reading(shelf) as connection:
        return {row["token"] for row in connection.execute("SELECT token FROM index_snapshot")}


async def test_files_of_another_database_do_not_count(shelf: Shelf, folder: Path, tmp_path: Path) -> None:
    saved(shelf, folder)
    (tmp_path / "other").mkdir()
    async with sqlite_store(tmp_path / "other") as store, opened_shelf(store) as other:
        await other.add("d9", "bat")
        assert read_back(other, folder) is None
        assert living(viewed(other, index_at(other, folder))) == [(1, "d9")]


async def test_a_database_that_was_put_back_does_not_take_later_files(
    shelf: Shelf, folder: Path, tmp_path: Path
) -> None:
    with reading(shelf) as connection, closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        connection.backup(copy)
    saved(shelf, folder)
    kept = Keeping(folder, tmp_path / "copy.db", SPACE)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.row_factory = sqlite3.Row
        assert kept.opened(connection) is None


@pytest.mark.parametrize("space", [Space(MODEL, DIMENSION + 1), Space("another:model", DIMENSION)])
async def test_files_of_another_space_do_not_count(shelf: Shelf, folder: Path, space: Space) -> None:
    saved(shelf, folder)
    assert read_back(shelf, folder, space) is None


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
async def test_files_that_are_cut_off_do_not_count(shelf: Shelf, folder: Path, share: float) -> None:
    saved(shelf, folder)
    cut_off(folder, share)
    assert living(viewed(shelf, index_at(shelf, folder))) == [(1, "d1"), (2, "d1"), (3, "d2")]


async def test_without_the_files_all_is_read_from_the_database(shelf: Shelf, folder: Path) -> None:
    saved(shelf, folder)
    shutil.rmtree(folder)
    assert living(viewed(shelf, index_at(shelf, folder))) == [(1, "d1"), (2, "d1"), (3, "d2")]
