"""Blobs as files under their hash, one folder a tenant; who uses them is counted in the store."""

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from footnote.platform.ids import new_id
from footnote.platform.storage import Blob, Storage, Transaction
from footnote.platform.storage.errors import BlobNotFound, BlobVanished, StoreUnavailable

PIECE = 1 << 20  # bytes
INCOMING = "incoming"
FRESH = timedelta(hours=1)  # bytes this young may belong to an upload that is not yet committed


class BlobLedger(Protocol):
    """How many users each blob has."""

    async def add(self, tx: Transaction, tenant: str, blob: Blob) -> None: ...

    async def drop(self, tx: Transaction, tenant: str, sha256: str) -> int:
        """Users left; the row stays, at zero, until `forget`."""
        ...

    async def unused(self) -> list[tuple[str, str]]:
        """(tenant, sha256) of the blobs without users."""
        ...

    async def used(self) -> list[tuple[str, str]]:
        """(tenant, sha256) of the blobs that have users."""
        ...

    async def users(self, tx: Transaction, sha256: str) -> list[str]:
        """The tenants that use it."""
        ...

    async def forget(self, tx: Transaction, tenant: str, sha256: str) -> bool:
        """Drop the row unless somebody uses the blob; whether it was dropped."""
        ...


class FolderBlobs:
    """The embedded `BlobStore`.

    A file is linked in place before its user is committed, and unlinked only inside a transaction that sees no user;
    so an upload and a deletion of the same bytes cannot lose them: whichever commits second notices.
    """

    def __init__(self, root: Path, storage: Storage, ledger: BlobLedger) -> None:
        self._root = root
        self._storage = storage
        self._ledger = ledger

    @asynccontextmanager
    async def stage(self, tenant: str) -> AsyncIterator["StagedFile"]:
        folder = self._root / INCOMING
        path = folder / new_id()
        with translated_errors():
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            file = await asyncio.to_thread(path.open, "xb")
        try:
            yield StagedFile(file, path, self._folder(tenant))
        finally:
            await asyncio.to_thread(_discard, file, path)

    async def reference(self, tx: Transaction, tenant: str, blob: Blob) -> None:
        await self._ledger.add(tx, tenant, blob)
        if not await asyncio.to_thread(self._file(tenant, blob.sha256).exists):
            raise BlobVanished(blob.sha256)

    async def release(self, tx: Transaction, tenant: str, sha256: str) -> bool:
        return await self._ledger.drop(tx, tenant, sha256) == 0

    async def sweep(self) -> int:
        swept = 0
        for tenant, sha256 in await self._ledger.unused():
            async with self._storage.transaction() as tx:
                if await self._ledger.forget(tx, tenant, sha256):
                    await self._unlink(self._file(tenant, sha256))
                    swept += 1
        return swept

    async def sweep_orphans(self) -> int:
        """Remove old files that nobody uses, and old unfinished uploads: the traces of a crash."""
        swept = await asyncio.to_thread(_remove_old, self._root / INCOMING)
        known = await self._ledger.used()
        for path in await asyncio.to_thread(self._unknown, known):
            async with self._storage.transaction() as tx:
                users = await self._ledger.users(tx, path.name)
                if path not in [self._file(tenant, path.name) for tenant in users]:
                    await self._unlink(path)
                    swept += 1
        return swept

    async def read(self, tenant: str, sha256: str) -> bytes:
        path = await self.path(tenant, sha256)
        with translated_errors():
            return await asyncio.to_thread(path.read_bytes)

    async def pieces(self, tenant: str, sha256: str) -> AsyncIterator[bytes]:
        path = await self.path(tenant, sha256)
        with translated_errors():
            file = await asyncio.to_thread(path.open, "rb")
        try:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece
        finally:
            await asyncio.to_thread(file.close)

    async def path(self, tenant: str, sha256: str) -> Path:
        path = self._file(tenant, sha256)
        if not await asyncio.to_thread(path.is_file):
            raise BlobNotFound(sha256)
        return path

    def _unknown(self, known: list[tuple[str, str]]) -> list[Path]:
        used = {self._file(tenant, sha256) for tenant, sha256 in known}
        return [path for path in self._root.glob("*/*/*") if path not in used and _is_old(path)]

    async def _unlink(self, path: Path) -> None:
        with translated_errors():
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _folder(self, tenant: str) -> Path:
        # A tenant's name may hold anything; its hash is always a safe name for a folder.
        return self._root / hashlib.sha256(tenant.encode()).hexdigest()[:16]

    def _file(self, tenant: str, sha256: str) -> Path:
        return self._folder(tenant) / sha256[:2] / sha256


class StagedFile:
    def __init__(self, file: BinaryIO, path: Path, folder: Path) -> None:
        self._file = file
        self._path = path
        self._folder = folder
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
            return await asyncio.to_thread(self._keep)

    def _append(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self._size += len(piece)

    def _keep(self) -> Blob:
        self._file.flush()
        os.fsync(self._file.fileno())
        sha256 = self._digest.hexdigest()
        target = self._folder / sha256[:2] / sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            # A link, not a rename: the staged bytes stay at hand should the target be swept before the commit.
            os.link(self._path, target)
        except FileExistsError:
            os.utime(target)
        _sync_folder(target.parent)
        return Blob(sha256=sha256, size=self._size)


@contextmanager
def translated_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(error.strerror or str(error)) from error


def _discard(file: BinaryIO, path: Path) -> None:
    path.unlink(missing_ok=True)
    try:
        file.close()
    except OSError as error:
        # What could not be flushed is being thrown away.
        if error.errno is None:
            raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > FRESH.total_seconds()
    except FileNotFoundError:
        return False  # another process was quicker


def _remove_old(folder: Path) -> int:
    old = [path for path in folder.glob("*") if _is_old(path)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def free_bytes(root: Path) -> int:
    """Space left where `root` is or would be."""
    existing = next(folder for folder in (root, *root.absolute().parents) if folder.exists())
    return shutil.disk_usage(existing).free
