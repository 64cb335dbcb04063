"""Where things are kept: transactions that repositories and the job queue share, and blobs by content hash."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import msgspec


class Transaction(Protocol):
    """One unit of work of the store. Repositories take it and hand it to their own adapter's kind."""

    @property
    def store(self) -> str:
        """Which adapter made it: `sqlite` or `mongodb`."""
        ...


class Storage(Protocol):
    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Commits at the end of the block, rolls back on any exception.

        Keep the block short: there is one writer, or several that end each other's. Whoever opens it is decorated
        with `again_on_conflict`.

        Raises:
            Unavailable: The store is locked, full or gone.
            TransactionConflict: Another transaction wrote the same; this one may succeed from its start.
        """
        ...


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    size: int  # bytes
    copy: str = ""  # under which name they were just written, where the store gives each writing its own


class StagedBlob(Protocol):
    """Bytes on their way in: written and flushed to disk, but not yet owned by anyone."""

    async def write(self, piece: bytes) -> None: ...

    async def path(self) -> Path:
        """A local file with the bytes so far, to be read only, as long as they are staged."""
        ...

    async def keep(self) -> Blob:
        """Make the bytes durable under their hash; they stay only if a transaction then adds a reference.

        Raises:
            Unavailable: No space, no permission, or the store is away; nothing was kept.
        """
        ...


class BlobStore(Protocol):
    """Content-addressed and per tenant. Bytes are written first, references second, orphans are swept."""

    def stage(self, tenant: str) -> AbstractAsyncContextManager[StagedBlob]:
        """A place for new bytes; what was not kept when the block ends is gone.

        Raises:
            Unavailable: No space, or no permission.
        """
        ...

    async def reference(self, tx: Transaction, tenant: str, blob: Blob) -> None:
        """Count one more user of the blob, which is one that `keep` gave, and serves one committed transaction.

        Raises:
            BlobVanished: The bytes were swept meanwhile; `keep` them again and retry.
        """
        ...

    async def release(self, tx: Transaction, tenant: str, sha256: str) -> bool:
        """Count one user less; True when it was the last and the bytes are to be swept."""
        ...

    async def sweep(self) -> int:
        """Remove the bytes whose last user was released; their number."""
        ...

    async def sweep_orphans(self) -> int:
        """Remove old bytes that no reference was ever made to: the traces of a crash; their number."""
        ...

    async def read(self, tenant: str, sha256: str) -> bytes:
        """All bytes.

        Raises:
            BlobNotFound: The tenant has no such blob.
        """
        ...

    def pieces(self, tenant: str, sha256: str) -> AsyncIterator[bytes]:
        """The bytes in pieces, for sending."""
        ...

    async def path(self, tenant: str, sha256: str) -> Path:
        """A local file with the bytes, to be opened soon and read only.

        Raises:
            BlobNotFound: The tenant has no such blob.
        """
        ...

    def held(self, tenant: str, sha256: str) -> AbstractAsyncContextManager[Path]:
        """Like `path`, and the file stays where it is to the end of the block, unless the blob is swept.

        Raises:
            BlobNotFound: The tenant has no such blob.
        """
        ...


class BlobLedger(Protocol):
    """How many users each blob has."""

    async def add(self, tx: Transaction, tenant: str, blob: Blob) -> str:
        """One user more; the copy that the first one came with."""
        ...

    async def drop(self, tx: Transaction, tenant: str, sha256: str) -> int:
        """Users left; the row stays, at zero, until `forget`."""
        ...

    async def forget(self, tx: Transaction, tenant: str, sha256: str) -> str | None:
        """Drop the row unless somebody uses the blob: its copy, or None if it stays or was not there."""
        ...

    async def find(self, tenant: str, sha256: str) -> Blob | None:
        """As its first user came with it; also if it has none any more."""
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

    async def living(self, copies: Sequence[str]) -> set[str]:
        """Those of `copies` that a row names."""
        ...
