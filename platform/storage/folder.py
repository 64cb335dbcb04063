"""Blobs as files under their hash, one folder a tenant; who uses them is counted in the store."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from footnote.platform.storage import Blob, BlobLedger, Storage, Transaction
from footnote.platform.storage.errors import BlobNotFound, BlobVanished
from footnote.platform.storage.staging import (
    INCOMING,
    StagedFile,
    is_old,
    pieces_of,
    remove_old,
    staged,
    sync,
    tenant_folder,
    translated_errors,
)

SHA256 = "0" * 64  # what a file is called; others in the folder may be those of a store of another kind


class FolderBlobs:
    """The embedded `BlobStore`, for stores whose transactions follow one another.

    A file is linked in place before its user is committed, and unlinked only inside a transaction that sees no user;
    so an upload and a deletion of the same bytes cannot lose them: whichever commits second notices.
    """

    def __init__(self, root: Path, storage: Storage, ledger: BlobLedger) -> None:
        self._root = root
        self._storage = storage
        self._ledger = ledger

    def stage(self, tenant: str) -> AbstractAsyncContextManager[StagedFile]:
        return staged(self._root / INCOMING, partial(self._keep, self._folder(tenant)))

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
                if await self._ledger.forget(tx, tenant, sha256) is not None:
                    await self._unlink(self._file(tenant, sha256))
                    swept += 1
        return swept

    async def sweep_orphans(self) -> int:
        swept = await asyncio.to_thread(remove_old, self._root / INCOMING)
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
        async for piece in pieces_of(await self.path(tenant, sha256)):
            yield piece

    async def path(self, tenant: str, sha256: str) -> Path:
        path = self._file(tenant, sha256)
        if not await asyncio.to_thread(path.is_file):
            raise BlobNotFound(sha256)
        return path

    @asynccontextmanager
    async def held(self, tenant: str, sha256: str) -> AsyncIterator[Path]:
        yield await self.path(tenant, sha256)

    async def _keep(self, folder: Path, path: Path, blob: Blob) -> Blob:
        target = folder / blob.sha256[:2] / blob.sha256
        await asyncio.to_thread(_link, path, target)
        return blob

    def _unknown(self, known: list[tuple[str, str]]) -> list[Path]:
        used = {self._file(tenant, sha256) for tenant, sha256 in known}
        ours = (path for path in self._root.glob("*/*/*") if len(path.name) == len(SHA256))
        return [path for path in ours if path not in used and is_old(path)]

    async def _unlink(self, path: Path) -> None:
        with translated_errors():
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _folder(self, tenant: str) -> Path:
        return self._root / tenant_folder(tenant)

    def _file(self, tenant: str, sha256: str) -> Path:
        return self._folder(tenant) / sha256[:2] / sha256


def _link(path: Path, target: Path) -> None:
    sync(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        # A link, not a rename: the staged bytes stay at hand should the target be swept before the commit.
        os.link(path, target)
    except FileExistsError:
        os.utime(target)
    sync(target.parent)


def free_bytes(root: Path) -> int:
    """Space left where `root` is or would be."""
    existing = next(folder for folder in (root, *root.absolute().parents) if folder.exists())
    return shutil.disk_usage(existing).free
