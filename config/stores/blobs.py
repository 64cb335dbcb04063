"""Where the bytes of files are kept."""

from collections.abc import Mapping
from pathlib import Path

from footnote.config.settings import Settings
from footnote.platform.http.health import Check
from footnote.platform.storage import BlobStore, Storage
from footnote.platform.storage.folder import BlobLedger, FolderBlobs


def open_blobs(
    settings: Settings, home: Path, storage: Storage, ledger: BlobLedger
) -> tuple[BlobStore, Mapping[str, Check]]:
    """The blob store, and what must answer for it."""
    return FolderBlobs(home / "blobs", storage, ledger), {}
