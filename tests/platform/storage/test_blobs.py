import os
import time
from pathlib import Path

import pytest

from footnote.platform.storage import Blob
from footnote.platform.storage.errors import BlobNotFound, BlobVanished
from footnote.platform.storage.folder import FolderBlobs
from footnote.platform.storage.ledger import SqliteBlobLedger
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.schema import MIGRATIONS
from footnote.platform.storage.sqlite import SqliteDatabase


@pytest.fixture
async def blobs(database: SqliteDatabase, tmp_path: Path) -> FolderBlobs:
    await migrate(database, {"storage": MIGRATIONS})
    return FolderBlobs(tmp_path / "blobs", database, SqliteBlobLedger(database))


async def keep(blobs: FolderBlobs, content: bytes = b"words", tenant: str = "a") -> Blob:
    async with blobs.stage(tenant) as staged:
        await staged.write(content)
        return await staged.keep()


async def use(blobs: FolderBlobs, database: SqliteDatabase, blob: Blob, tenant: str = "a") -> None:
    async with database.transaction() as tx:
        await blobs.reference(tx, tenant, blob)


async def drop(blobs: FolderBlobs, database: SqliteDatabase, blob: Blob, tenant: str = "a") -> bool:
    async with database.transaction() as tx:
        return await blobs.release(tx, tenant, blob.sha256)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_kept_bytes_are_read_back(blobs: FolderBlobs) -> None:
    blob = await keep(blobs)
    assert await blobs.read("a", blob.sha256) == b"words"
    assert b"".join([piece async for piece in blobs.pieces("a", blob.sha256)]) == b"words"


async def test_bytes_that_are_not_kept_leave_no_file(blobs: FolderBlobs, tmp_path: Path) -> None:
    async with blobs.stage("a") as staged:
        await staged.write(b"words")
    assert files(tmp_path / "blobs") == []


async def test_a_tenant_sees_only_its_own(blobs: FolderBlobs) -> None:
    blob = await keep(blobs, tenant="a")
    with pytest.raises(BlobNotFound):
        await blobs.read("b", blob.sha256)


async def test_bytes_stay_until_their_last_user_goes(blobs: FolderBlobs, database: SqliteDatabase) -> None:
    blob = await keep(blobs)
    await use(blobs, database, blob)
    await use(blobs, database, blob)
    assert await drop(blobs, database, blob) is False
    assert (await blobs.sweep(), await blobs.read("a", blob.sha256)) == (0, b"words")
    assert await drop(blobs, database, blob) is True
    assert await blobs.sweep() == 1
    with pytest.raises(BlobNotFound):
        await blobs.read("a", blob.sha256)


async def test_a_sweep_between_writing_and_use_is_noticed(blobs: FolderBlobs, database: SqliteDatabase) -> None:
    blob = await keep(blobs)
    await use(blobs, database, blob)
    await drop(blobs, database, blob)
    async with blobs.stage("a") as staged:
        await staged.write(b"words")
        await staged.keep()
        await blobs.sweep()
        with pytest.raises(BlobVanished):
            await use(blobs, database, blob)
        await use(blobs, database, await staged.keep())
    assert await blobs.read("a", blob.sha256) == b"words"


async def test_what_a_crash_left_is_swept_when_old(
    blobs: FolderBlobs, database: SqliteDatabase, tmp_path: Path
) -> None:
    orphan, fresh, used = await keep(blobs, b"orphan"), await keep(blobs, b"fresh"), await keep(blobs, b"used")
    await use(blobs, database, used)
    for blob in (orphan, used):
        os.utime(await blobs.path("a", blob.sha256), (time.time() - 7200,) * 2)
    assert await blobs.sweep_orphans() == 1
    assert {path.name for path in files(tmp_path / "blobs")} == {fresh.sha256, used.sha256}


async def test_what_is_left_of_a_tenant_without_blobs_is_swept_too(
    blobs: FolderBlobs, database: SqliteDatabase, tmp_path: Path
) -> None:
    used = await keep(blobs, tenant="a")
    await use(blobs, database, used, tenant="a")
    await keep(blobs, tenant="b")
    for path in files(tmp_path / "blobs"):
        os.utime(path, (time.time() - 7200,) * 2)
    assert await blobs.sweep_orphans() == 1
    assert (await blobs.read("a", used.sha256), len(files(tmp_path / "blobs"))) == (b"words", 1)


async def test_what_is_not_called_by_its_hash_is_not_swept(blobs: FolderBlobs, tmp_path: Path) -> None:
    copy = tmp_path / "blobs" / "a" / "b" / f"{'c' * 64}-{'d' * 26}"
    copy.parent.mkdir(parents=True)
    copy.touch()
    os.utime(copy, (0, 0))
    assert (await blobs.sweep_orphans(), copy.exists()) == (0, True)


async def test_staged_bytes_can_be_read_before_they_are_kept(blobs: FolderBlobs) -> None:
    async with blobs.stage("a") as staged:
        await staged.write(b"words")
        assert (await staged.path()).read_bytes() == b"words"
