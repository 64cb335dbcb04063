"""Where the bytes of files are kept, if that is not a folder beside SQLite."""

from pathlib import Path

from footnote.config.settings import Settings
from footnote.platform.http.health import Check
from footnote.platform.storage import BlobLedger, BlobStore, Storage
from footnote.platform.storage.remote import Copies, RemoteBlobs

FOLDER = "blobs"
CACHE = "blob-cache"


def blobs_at(settings: Settings, url: str, home: Path, storage: Storage, ledger: BlobLedger) -> RemoteBlobs:
    """
    Raises:
        Invalid: The URL cannot be read.
    """
    from footnote.platform.storage.objects import open_object_store  # its library takes a while to load

    return cached_blobs(settings, open_object_store(url), home, storage, ledger)


def cached_blobs(settings: Settings, copies: Copies, home: Path, storage: Storage, ledger: BlobLedger) -> RemoteBlobs:
    return RemoteBlobs(copies, storage, ledger, home / CACHE, cached_bytes=settings.blob_cache_bytes)


def checks_of(blobs: BlobStore) -> dict[str, Check]:
    """A folder needs none beside that of the disk."""
    return {"blobs": blobs.check} if isinstance(blobs, RemoteBlobs) else {}
