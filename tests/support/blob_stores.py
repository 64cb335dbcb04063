"""Every kind of blob store on every kind of store that it goes with."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.s3_server import BUCKET, S3Server, s3_server
from support.stores import Store, mongo_store, sqlite_store
from support.transactions import committed

from footnote.platform.storage import Blob, BlobStore
from footnote.platform.storage.errors import BlobVanished
from footnote.platform.storage.folder import FolderBlobs
from footnote.platform.storage.gridfs import GridCopies
from footnote.platform.storage.objects import open_object_store
from footnote.platform.storage.remote import Copies, RemoteBlobs

KINDS = ["folder-sqlite", "file-sqlite", "s3-mongodb", "gridfs-mongodb"]
ROOM = 100 << 20  # bytes


@dataclass
class Shelf:
    """A blob store, what it stands on, and the short ways of tests."""

    blobs: BlobStore
    store: Store
    folder: Path
    make: Callable[[Path], BlobStore]
    s3: S3Server | None = None
    others: int = field(default=0)

    def another(self) -> "Shelf":
        """As another process has it: with a local folder of its own."""
        self.others += 1
        return Shelf(self.make(self.folder / f"other-{self.others}"), self.store, self.folder, self.make, self.s3)

    async def keep(self, content: bytes = b"words", tenant: str = "a") -> Blob:
        async with self.blobs.stage(tenant) as staged:
            await staged.write(content)
            return await staged.keep()

    async def use(self, blob: Blob, tenant: str = "a") -> None:
        await committed(self.store.storage, lambda tx: self.blobs.reference(tx, tenant, blob))

    async def put(self, content: bytes = b"words", tenant: str = "a") -> Blob:
        """Kept and used, however often it vanishes in between."""
        async with self.blobs.stage(tenant) as staged:
            await staged.write(content)
            while True:
                blob = await staged.keep()
                try:
                    await self.use(blob, tenant)
                except BlobVanished:
                    continue
                return blob

    async def drop(self, blob: Blob, tenant: str = "a") -> bool:
        return await committed(self.store.storage, lambda tx: self.blobs.release(tx, tenant, blob.sha256))


@asynccontextmanager
async def shelf(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> AsyncIterator[Shelf]:
    """`options` go to `RemoteBlobs`."""
    bytes_in, _, rows_in = kind.partition("-")
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    async with AsyncExitStack() as stack:
        store: Store = await stack.enter_async_context(sqlite_store(folder) if rows_in == "sqlite" else mongo_store())
        s3 = stack.enter_context(s3_server()) if bytes_in == "s3" else None
        if s3 is not None:
            point_at(s3, monkeypatch)

        def make(local: Path) -> BlobStore:
            if bytes_in == "folder":
                return FolderBlobs(folder / "blobs", store.storage, store.ledger())
            given = {"cached_bytes": ROOM, "clock": time.time, **options}
            return RemoteBlobs(copies(bytes_in, store, folder), store.storage, store.ledger(), local, **given)

        yield Shelf(make(folder / "cache"), store, folder, make, s3)


def copies(bytes_in: str, store: Store, folder: Path) -> Copies:
    match bytes_in:
        case "gridfs":
            return GridCopies(store.database)
        case "file":
            return open_object_store((folder / "objects").as_uri())
    return s3_copies()


def s3_copies() -> Copies:
    return open_object_store(f"s3://{BUCKET}/some/prefix", client={"timeout": timedelta(seconds=2)})


def point_at(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an operator does: with the variables that S3's clients know."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
