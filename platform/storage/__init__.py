"""Where things are kept: transactions that repositories and the job queue share, and blobs by content hash."""

from collections.abc import AsyncIterator
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

        Keep the block short: there is one writer.

        Raises:
            Unavailable: The store is locked, full or gone.
        """
        ...


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    size: int  # bytes


class StagedBlob(Protocol):
    """Bytes on their way in: written and flushed to disk, but not yet owned by anyone."""

    async def write(self, piece: bytes) -> None: ...

    async def path(self) -> Path:
        """A local file with the bytes so far, to be read only, as long as they are staged."""
        ...

    async def keep(self) -> Blob:
        """Make the bytes durable under their hash; they stay only if a transaction then adds a reference."""
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
        """Count one more user of the blob.

        Raises:
            BlobVanished: The bytes were swept meanwhile; `keep` them again and retry.
        """
        ...

    async def release(self, tx: Transaction, tenant: str, sha256: str) -> bool:
        """Count one user less; True when it was the last and the bytes are to be swept."""
        ...

    async def sweep(self) -> int:
        """Remove the bytes that nobody references and that are not fresh; their number."""
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
        """A local file with the bytes, to be read only.

        Raises:
            BlobNotFound: The tenant has no such blob.
        """
        ...
