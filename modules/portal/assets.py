"""The portal's files, read once."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    content: bytes
    media_type: str
    etag: str


def load(folder: Path) -> Mapping[str, Asset]:
    """The files of `folder` by name.

    Raises:
        KeyError: A file is of a kind that browsers are not served here.
    """
    return {path.name: _read(path) for path in folder.iterdir()}


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content=content, media_type=MEDIA_TYPES[path.suffix], etag=f'"{digest}"')
