"""Blobs on servers: what comes late, what is left over, what fails, and the files that are kept at hand."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from support.blob_stores import Shelf, point_at, s3_copies, shelf
from support.s3_server import S3Server, s3_server

from footnote.platform.storage import Blob
from footnote.platform.storage.cache import BlobCache
from footnote.platform.storage.errors import BlobNotFound, BlobVanished, StoreUnavailable
from footnote.platform.storage.objects import ObjectCopies, UnknownObjectStore, open_object_store
from footnote.platform.storage.remote import ADOPTED, ORPHANED, RemoteBlobs


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def blobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> AsyncIterator[Shelf]:
    async with shelf("s3-sqlite", tmp_path, monkeypatch, clock=clock) as opened:
        yield opened


def server(blobs: Shelf) -> S3Server:
    assert blobs.s3 is not None
    return blobs.s3


class LateCopies:
    """Deletes only when told to."""

    def __init__(self, copies: ObjectCopies) -> None:
        self._copies = copies
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._copies, name)

    async def delete(self, names: Sequence[str]) -> None:
        self.asked += names

    async def go_on(self) -> None:
        await self._copies.delete(self.asked)


async def test_a_deletion_that_comes_late_hits_nobody(blobs: Shelf) -> None:
    late = LateCopies(s3_copies())
    slow = RemoteBlobs(late, blobs.store.storage, blobs.store.ledger(), blobs.folder / "slow", cached_bytes=1)  # type: ignore[arg-type]
    await blobs.drop(await blobs.put())
    await slow.sweep()
    again = await blobs.put()
    await late.go_on()
    assert await blobs.another().blobs.read("a", again.sha256) == b"words"


async def test_the_same_bytes_are_sent_once(blobs: Shelf) -> None:
    await blobs.put()
    await blobs.another().put()
    assert len(server(blobs).objects) == 1


async def test_what_nobody_came_to_use_is_swept_after_a_day(blobs: Shelf, clock: Clock) -> None:
    used = await blobs.put(b"used")
    await blobs.keep(b"orphan")
    assert await blobs.blobs.sweep_orphans() == 0
    clock.ahead = ORPHANED + 1
    assert await blobs.blobs.sweep_orphans() == 1
    assert list(server(blobs).objects.values()) == [b"used"]
    assert await blobs.another().blobs.read("a", used.sha256) == b"used"


async def test_what_is_not_ours_is_not_swept(blobs: Shelf, clock: Clock) -> None:
    server(blobs).objects |= {"some/prefix/notes.txt": b"x", "elsewhere": b"y"}
    clock.ahead = ORPHANED + 1
    assert await blobs.blobs.sweep_orphans() == 0
    assert len(server(blobs).objects) == 2


async def test_a_copy_is_not_taken_into_use_when_it_may_be_swept_as_an_orphan(blobs: Shelf, clock: Clock) -> None:
    blob = await blobs.keep()
    clock.ahead = ADOPTED + 1
    with pytest.raises(BlobVanished):
        await blobs.use(blob)


async def test_what_somebody_deleted_on_the_server_is_not_found(blobs: Shelf) -> None:
    blob = await blobs.put()
    server(blobs).objects.clear()
    with pytest.raises(BlobNotFound):
        await blobs.another().blobs.read("a", blob.sha256)


@pytest.mark.parametrize("fault", ["slow_down", "cut", "short", "other"])
async def test_a_server_that_falters_once_is_not_noticed(blobs: Shelf, fault: str) -> None:
    blob = await blobs.put()
    server(blobs).faults.append(fault)
    assert await blobs.another().blobs.read("a", blob.sha256) == b"words"


async def test_other_bytes_than_were_stored_are_never_given_out(blobs: Shelf) -> None:
    blob, other = await blobs.put(), blobs.another()
    server(blobs).faults.extend(["other"] * 2)
    with pytest.raises(StoreUnavailable, match="came back as others"):
        await other.blobs.read("a", blob.sha256)
    assert await other.blobs.read("a", blob.sha256) == b"words"


async def test_a_server_that_is_away_is_said_to_be_and_nothing_is_lost(
    blobs: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = await blobs.put()
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{nobody.getsockname()[1]}")
    away = blobs.another()
    for work in (away.keep(b"new"), away.blobs.read("a", blob.sha256), away.blobs.sweep_orphans()):
        with pytest.raises(StoreUnavailable):
            await work
    point_at(server(blobs), monkeypatch)
    assert await blobs.another().blobs.read("a", blob.sha256) == b"words"


async def test_a_server_that_never_answers_is_given_up(blobs: Shelf) -> None:
    server(blobs).faults.extend(["mute"] * 20)
    with pytest.raises(StoreUnavailable):
        await blobs.keep()


async def test_credentials_that_are_refused_are_said_to_be(blobs: Shelf) -> None:
    server(blobs).faults.append("denied")
    with pytest.raises(StoreUnavailable, match="refuses our credentials"):
        await blobs.keep()


async def test_callers_are_not_told_where_the_bytes_are(blobs: Shelf) -> None:
    server(blobs).faults.extend(["slow_down"] * 10)
    with pytest.raises(StoreUnavailable) as raised:
        await blobs.keep()
    assert "127.0.0.1" not in raised.value.detail


async def test_an_upload_that_failed_is_kept_at_the_next_attempt(blobs: Shelf) -> None:
    async with blobs.blobs.stage("a") as staged:
        await staged.write(b"words")
        server(blobs).faults.extend(["slow_down"] * 10)
        with pytest.raises(StoreUnavailable):
            await staged.keep()
        server(blobs).faults.clear()
        await blobs.use(await staged.keep())
    assert list(server(blobs).objects.values()) == [b"words"]


async def test_a_sweep_that_is_cut_off_is_finished_by_the_next(blobs: Shelf, clock: Clock) -> None:
    await blobs.drop(await blobs.put())
    server(blobs).faults.extend(["slow_down"] * 10)
    with pytest.raises(StoreUnavailable):
        await blobs.blobs.sweep()
    server(blobs).faults.clear()
    clock.ahead = ORPHANED + 1
    assert await blobs.blobs.sweep_orphans() == 1
    assert server(blobs).objects == {}


async def test_a_crash_in_the_middle_of_an_upload_to_gridfs_is_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    async with shelf("gridfs-mongodb", tmp_path, monkeypatch, clock=clock) as blobs:
        await blobs.keep(b"orphan")
        database = blobs.store.database.database
        file = await database["copy.files"].find_one_and_delete({})
        await database["copy.begun"].insert_one({"_id": file["_id"]})
        clock.ahead = ORPHANED + 1
        assert await blobs.blobs.sweep_orphans() == 1
        assert [await database[f"copy.{name}"].count_documents({}) for name in ("chunks", "begun")] == [0, 0]


@pytest.mark.parametrize("location", ["s3://", "ftp://bucket", "/folder", "file://folder", "file:///", "az://box/x"])
def test_a_location_that_means_nothing_is_refused(location: str) -> None:
    with pytest.raises(UnknownObjectStore):
        open_object_store(location)


async def several(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def cached(cache: BlobCache, content: bytes) -> Path:
    blob = Blob(sha256=sha256(content).hexdigest(), size=len(content))
    return await cache.path(blob.sha256, blob, lambda: several(content))


async def test_the_least_recently_used_files_make_room(tmp_path: Path) -> None:
    cache = BlobCache(tmp_path, 2500)
    paths = [await cached(cache, bytes([number]) * 1000) for number in range(2)]
    for age, path in zip([5000, 9000], paths, strict=True):
        os.utime(path, (time.time() - age,) * 2)
    await cached(cache, b"c" * 1000)
    assert [path.exists() for path in paths] == [True, False]


async def test_files_that_were_asked_for_just_now_or_are_held_stay(tmp_path: Path) -> None:
    cache = BlobCache(tmp_path, 10)
    recent, old = await cached(cache, b"recent" * 10), await cached(cache, b"old" * 10)
    blob = Blob(sha256=old.name, size=30)
    async with cache.held(old.name, blob, lambda: several(b"")) as held:
        os.utime(held, (0, 0))
        await cached(cache, b"new" * 10)
        assert (recent.exists(), held.exists()) == (True, True)
    os.utime(old, (0, 0))
    await cached(cache, b"newer" * 10)
    assert not old.exists()


async def test_many_who_want_the_same_file_fetch_it_once(blobs: Shelf) -> None:
    blob, other = await blobs.put(), blobs.another()
    await asyncio.gather(*(other.blobs.read("a", blob.sha256) for _ in range(8)))
    assert sum(request.startswith("GET") for request in server(blobs).requests) == 1


async def test_a_server_without_tls_is_not_talked_to_unless_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with s3_server() as running:
        point_at(running, monkeypatch)
        monkeypatch.delenv("AWS_ALLOW_HTTP")
        with pytest.raises(StoreUnavailable):
            await s3_copies().check()
        assert running.requests == []


async def test_a_server_that_works_is_found_to_work(monkeypatch: pytest.MonkeyPatch) -> None:
    with s3_server() as running:
        point_at(running, monkeypatch)
        await s3_copies().check()
