"""Bytes on their way in: a local file until they are kept. Every blob store takes them like this."""

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Literal

from footnote.platform.ids import new_id
from footnote.platform.storage import Blob
from footnote.platform.storage.errors import StoreUnavailable

PIECE = 1 << 20  # bytes
INCOMING = "incoming"
FRESH = timedelta(hours=1)  # a file this young may belong to an upload that is not yet committed

Keep = Callable[[Path, Blob], Awaitable[Blob]]


@asynccontextmanager
async def staged(folder: Path, keep: Keep) -> AsyncIterator["StagedFile"]:
    """A new file in `folder`, gone at the end of the block; `keep` puts its bytes where they stay.

    Raises:
        StoreUnavailable: No space, or no permission.
    """
    path = folder / new_id()
    with translated_errors():
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        file = await opened(path, "xb")
    try:
        yield StagedFile(file, path, keep)
    finally:
        await asyncio.to_thread(_discard, file, path)


class StagedFile:
    def __init__(self, file: BinaryIO, path: Path, keep: Keep) -> None:
        self._file = file
        self._path = path
        self._keep = keep
        self._digest = hashlib.sha256()
        self._size = 0

    async def write(self, piece: bytes) -> None:
        with translated_errors():
            await asyncio.to_thread(self._append, piece)

    async def path(self) -> Path:
        with translated_errors():
            await asyncio.to_thread(self._file.flush)
        return self._path

    async def keep(self) -> Blob:
        with translated_errors():
            await asyncio.to_thread(self._file.flush)
            return await self._keep(self._path, Blob(sha256=self._digest.hexdigest(), size=self._size))

    def _append(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self._size += len(piece)


@contextmanager
def translated_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(error.strerror or str(error)) from error


async def opened(path: Path, mode: Literal["xb", "rb"]) -> BinaryIO:
    """The file, for the caller to close; one that was opened for a caller who has been cancelled is closed at once."""
    opening: asyncio.Future[Any] = asyncio.ensure_future(asyncio.to_thread(path.open, mode))
    try:
        file: BinaryIO = await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close)
        raise
    return file


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    with translated_errors():
        file = await opened(path, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
    finally:
        await asyncio.to_thread(file.close)


def tenant_folder(tenant: str) -> str:
    """A tenant's name may hold anything; its hash is always a safe name for a folder."""
    return hashlib.sha256(tenant.encode()).hexdigest()[:16]


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > FRESH.total_seconds()
    except FileNotFoundError:
        return False  # another process was quicker


def remove_old(folder: Path) -> int:
    """Remove what uploads left that a crash cut off."""
    old = [path for path in folder.glob("*") if is_old(path)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _discard(file: BinaryIO, path: Path) -> None:
    path.unlink(missing_ok=True)
    try:
        file.close()
    except OSError as error:
        # What could not be flushed is being thrown away.
        if error.errno is None:
            raise


def _close(opening: "asyncio.Future[Any]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
