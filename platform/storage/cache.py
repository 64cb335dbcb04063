"""Bytes from elsewhere as local files: a folder of bounded size that all processes of a machine share."""

import asyncio
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from footnote.platform.ids import new_id
from footnote.platform.storage import Blob
from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.staging import INCOMING, opened, remove_old, translated_errors

SPARED = timedelta(minutes=10)  # whoever asked for a file has it open by then
ROOM_MADE = 0.1  # share of all room that is made at once, so that the folder is not looked through for every file
ATTEMPTS = 2

Source = Callable[[], AsyncIterator[bytes]]


class BlobCache:
    """Files go least recently used first, but for those asked for just now and those that somebody holds.

    So the folder may be larger than `max_bytes` for a while: by what is being worked with.
    """

    def __init__(self, root: Path, max_bytes: int, *, spared: timedelta = SPARED) -> None:
        self._root = root
        self._max_bytes = max_bytes
        self._spared = spared.total_seconds()
        self._size: int | None = None  # about; other processes add to it, too
        self._filling: dict[str, asyncio.Task[None]] = {}

    @property
    def incoming(self) -> Path:
        """Where files grow until they are whole."""
        return self._root / INCOMING

    async def path(self, name: str, blob: Blob, source: Source) -> Path:
        """The file called `name`, from `source` if it is not there.

        Raises:
            StoreUnavailable: No space, or `source` gives other bytes than those of `blob`.
        """
        descriptor = await self._locked(name, blob, source)
        os.close(descriptor)
        return self._file(name)

    @asynccontextmanager
    async def held(self, name: str, blob: Blob, source: Source) -> AsyncIterator[Path]:
        """Like `path`; nobody makes room by removing it before the end of the block."""
        descriptor = await self._locked(name, blob, source)
        try:
            yield self._file(name)
        finally:
            os.close(descriptor)

    async def offer(self, name: str, path: Path, size: int) -> None:
        """Take in a local file that has the bytes already."""
        with translated_errors():
            await asyncio.to_thread(_linked, path, self._file(name))
        await self._grown(size)

    async def discard(self, name: str) -> None:
        with translated_errors():
            await asyncio.to_thread(self._file(name).unlink, missing_ok=True)

    async def sweep(self) -> int:
        """Remove what a crash left half-filled; the number of files."""
        return await asyncio.to_thread(remove_old, self.incoming)

    async def _locked(self, name: str, blob: Blob, source: Source) -> int:
        with translated_errors():
            while (descriptor := await asyncio.to_thread(_used, self._file(name))) is None:
                await self._fill(name, blob, source)
        return descriptor

    async def _fill(self, name: str, blob: Blob, source: Source) -> None:
        if name not in self._filling:
            task = self._filling[name] = asyncio.create_task(self._filled(name, blob, source))
            task.add_done_callback(lambda _: self._filling.pop(name))
        # The task is shared: a caller that gives up must not end it for the others.
        await asyncio.shield(self._filling[name])

    async def _filled(self, name: str, blob: Blob, source: Source) -> None:
        for _ in range(ATTEMPTS):
            if await self._downloaded(name, blob, source):
                await self._grown(blob.size)
                return
        raise StoreUnavailable(f"the stored bytes of {blob.sha256} came back as others")

    async def _downloaded(self, name: str, blob: Blob, source: Source) -> bool:
        path = self.incoming / new_id()
        digest = hashlib.sha256()
        try:
            await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
            with await opened(path, "xb") as file:
                async for piece in source():
                    digest.update(piece)
                    await asyncio.to_thread(file.write, piece)
            if digest.hexdigest() == blob.sha256:
                await asyncio.to_thread(_moved, path, self._file(name))
            return digest.hexdigest() == blob.sha256
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _grown(self, size: int) -> None:
        self._size = None if self._size is None else self._size + size
        if self._size is None or self._size > self._max_bytes:
            with translated_errors():
                self._size = await asyncio.to_thread(self._make_room)

    def _make_room(self) -> int:
        """Bytes that are left."""
        entries = sorted(_entries(self._root / "files"))
        size = sum(entry.size for entry in entries)
        if size > self._max_bytes:
            for entry in entries:
                if size <= self._max_bytes * (1 - ROOM_MADE):
                    break
                size -= entry.size if _evicted(entry.path, self._spared) else 0
        return size

    def _file(self, name: str) -> Path:
        return self._root / "files" / name[:2] / name


class Entry(NamedTuple):
    used: float  # Unix seconds
    size: int
    path: Path


def _entries(folder: Path) -> list[Entry]:
    entries = []
    for path in folder.glob("*/*"):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        entries.append(Entry(found.st_mtime, found.st_size, path))
    return entries


def _used(path: Path) -> int | None:
    """A descriptor with a shared lock, of a file that is in place and marked as used now; None if there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        os.utime(descriptor)
        if os.fstat(descriptor).st_nlink:
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _evicted(path: Path, spared: float) -> bool:
    """Remove the file unless somebody holds it or used it so few seconds ago."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if time.time() - os.fstat(descriptor).st_mtime < spared:
            return False
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _moved(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def _linked(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except FileExistsError:
        return
