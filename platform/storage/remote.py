"""Blobs whose bytes are on a server: every writing of them is a copy under a name of its own.

A deletion that was decided on may reach the server at any later time, so no name is ever written twice: the ledger
says which copy counts, and once its row is gone the copy can be deleted at leisure, since nobody can come to use it
again. Whoever uploads the same bytes meanwhile has written another copy, and finds no row, or one that is in use.
"""

import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from footnote.platform.ids import new_id, time_of
from footnote.platform.storage import Blob, BlobLedger, Storage, Transaction
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.storage.cache import BlobCache
from footnote.platform.storage.errors import BlobNotFound, BlobVanished
from footnote.platform.storage.staging import StagedFile, pieces_of, staged, tenant_folder

ADOPTED = 12 * 3600  # seconds; an older copy can no longer become one that counts …
ORPHANED = 24 * 3600  # … so that one much older, by whosever clock, is nobody's
BATCH = 500  # copies looked up at once
OURS = re.compile(r"[0-9a-f]{16}/[0-9a-f]{2}/[0-9a-f]{64}-[0-9a-z]{26}")  # a name of a copy; what else is there stays


class Copies(Protocol):
    """Bytes under names that are given once. Each raises `StoreUnavailable` when the server does not do it."""

    async def put(self, name: str, path: Path) -> None:
        """Durable, whole or not at all, when it returns."""
        ...

    def get(self, name: str, size: int) -> AsyncIterator[bytes]:
        """The bytes in pieces.

        Raises:
            BlobNotFound: There is no such copy.
        """
        ...

    async def delete(self, names: Sequence[str]) -> None:
        """Those that are not there are no error."""
        ...

    def names(self) -> AsyncIterator[str]:
        """All, with those of which only a part was written."""
        ...

    async def check(self) -> None: ...


class RemoteBlobs:
    """The `BlobStore` over any kind of server. Files to be read are copied into a local folder of bounded size.

    No two stores may have their copies in the same place: either would sweep what only the other knows.
    """

    def __init__(
        self,
        copies: Copies,
        storage: Storage,
        ledger: BlobLedger,
        folder: Path,
        *,
        cached_bytes: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._copies = copies
        self._storage = storage
        self._ledger = ledger
        self._cache = BlobCache(folder, cached_bytes)
        self._clock = clock

    def stage(self, tenant: str) -> AbstractAsyncContextManager[StagedFile]:
        return staged(self._cache.incoming, partial(self._keep, tenant))

    async def reference(self, tx: Transaction, tenant: str, blob: Blob) -> None:
        copy = await self._ledger.add(tx, tenant, blob)
        if not copy or (copy == blob.copy and self._age(copy) > ADOPTED):
            raise BlobVanished(blob.sha256)

    async def release(self, tx: Transaction, tenant: str, sha256: str) -> bool:
        return await self._ledger.drop(tx, tenant, sha256) == 0

    async def sweep(self) -> int:
        swept = 0
        for tenant, sha256 in await self._ledger.unused():
            if (copy := await self._forgotten(tenant, sha256)) is not None:
                await self._cache.discard(_cached(tenant, sha256))
                await self._copies.delete([copy])
                swept += 1
        return swept

    async def sweep_orphans(self) -> int:
        swept = await self._cache.sweep()
        batch: list[str] = []
        async for name in self._copies.names():
            if OURS.fullmatch(name) and self._age(name) > ORPHANED:
                batch.append(name)
            if len(batch) == BATCH:
                swept += await self._sweep_unknown(batch)
                batch = []
        return swept + await self._sweep_unknown(batch)

    async def read(self, tenant: str, sha256: str) -> bytes:
        return b"".join([piece async for piece in self.pieces(tenant, sha256)])

    async def pieces(self, tenant: str, sha256: str) -> AsyncIterator[bytes]:
        async with self.held(tenant, sha256) as path:
            async for piece in pieces_of(path):
                yield piece

    async def path(self, tenant: str, sha256: str) -> Path:
        blob = await self._found(tenant, sha256)
        return await self._cache.path(_cached(tenant, sha256), blob, self._source(blob))

    @asynccontextmanager
    async def held(self, tenant: str, sha256: str) -> AsyncIterator[Path]:
        blob = await self._found(tenant, sha256)
        holding = self._cache.held(_cached(tenant, sha256), blob, self._source(blob))
        async with holding as path:
            yield path

    async def check(self) -> None:
        """
        Raises:
            StoreUnavailable: The server does not answer.
        """
        await self._copies.check()

    async def _keep(self, tenant: str, path: Path, blob: Blob) -> Blob:
        known = await self._ledger.find(tenant, blob.sha256)
        if known and known.copy:
            return blob  # should its row go before it is used, it has vanished
        copy = f"{tenant_folder(tenant)}/{blob.sha256[:2]}/{blob.sha256}-{new_id()}"
        await self._copies.put(copy, path)
        await self._cache.offer(_cached(tenant, blob.sha256), path, blob.size)
        return Blob(sha256=blob.sha256, size=blob.size, copy=copy)

    async def _found(self, tenant: str, sha256: str) -> Blob:
        blob = await self._ledger.find(tenant, sha256)
        if blob is None or not blob.copy:
            raise BlobNotFound(sha256)
        return blob

    def _source(self, blob: Blob) -> Callable[[], AsyncIterator[bytes]]:
        return lambda: self._copies.get(blob.copy, blob.size)

    @again_on_conflict
    async def _forgotten(self, tenant: str, sha256: str) -> str | None:
        async with self._storage.transaction() as tx:
            return await self._ledger.forget(tx, tenant, sha256)

    async def _sweep_unknown(self, names: Sequence[str]) -> int:
        living = await self._ledger.living(names)
        unknown = [name for name in names if name not in living]
        await self._copies.delete(unknown)
        return len(unknown)

    def _age(self, copy: str) -> float:
        return self._clock() - time_of(copy.rpartition("-")[2])


def sha256_of(copy: str) -> str:
    return copy.rpartition("/")[2].partition("-")[0]


def _cached(tenant: str, sha256: str) -> str:
    return f"{sha256}-{tenant_folder(tenant)}"
