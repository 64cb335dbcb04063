"""Folders for what is made on the way and kept nowhere, and the clearing away of those that a crash left."""

import asyncio
import fcntl
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from footnote.platform.ids import new_id
from footnote.platform.storage.staging import translated_errors

LOCK = ".lock"
FRESH = 60.0  # seconds; so young a folder may not be locked yet


class Scratch:
    """A folder is locked as long as its process lives: a lock that can be taken belongs to nobody."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """An empty folder, gone at the end of the block.

        Raises:
            StoreUnavailable: No space, or no permission.
        """
        path = self._root / new_id()
        making = asyncio.create_task(asyncio.to_thread(_made, path))
        try:
            with translated_errors():
                await asyncio.shield(making)
            yield path
        finally:
            # Also for who is cancelled in the middle of either.
            await asyncio.shield(_unmade(path, making))

    async def sweep(self) -> int:
        """Remove the folders of processes that are gone; their number."""
        return await asyncio.to_thread(self._sweep)

    def _sweep(self) -> int:
        folders = [path for path in self._root.glob("*") if time.time() - path.stat().st_mtime > FRESH]
        return sum(_removed(path) for path in folders)


async def _unmade(path: Path, making: "asyncio.Task[int]") -> None:
    await asyncio.wait([making])
    if making.exception() is None:
        await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)
        os.close(making.result())


def _made(path: Path) -> int:
    path.mkdir(parents=True)
    lock = os.open(path / LOCK, os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _removed(path: Path) -> bool:
    try:
        lock = os.open(path / LOCK, os.O_CREAT | os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
