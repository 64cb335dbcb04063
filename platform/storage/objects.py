"""Copies of blobs in an object store: S3 and what speaks like it, Google Cloud Storage, Azure, or a shared folder.

Names are given once, so there is nothing for a conditional write to prevent. Credentials, region, endpoint and proxy
come from variables: those that each provider documents, and `AWS_ALLOW_HTTP=true` and the like (`GOOGLE_…`, `AZURE_…`)
for servers without TLS.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from loguru import logger
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore, from_url

from footnote.platform.errors import Invalid
from footnote.platform.storage.errors import BlobNotFound, StoreUnavailable
from footnote.platform.storage.remote import sha256_of
from footnote.platform.storage.staging import sync

PART = 8 << 20  # bytes of one request, so that each ends in time however large the file
AT_ONCE = 4  # parts on their way up
CLOUDS = {"s3": "AWS_", "gs": "GOOGLE_", "az": "AZURE_"}  # how the variables of each begin
SWITCHES = ("allow_http", "allow_invalid_certificates")
PROXY = ("proxy_url", "proxy_ca_certificate", "proxy_excludes")
CLIENT: dict[str, Any] = {"connect_timeout": timedelta(seconds=4), "timeout": timedelta(seconds=30)}
RETRIES: dict[str, Any] = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=10),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
}
LONGEST_REASON = 300  # characters


class UnknownObjectStore(Invalid):
    title = "The place of files cannot be used"

    def __init__(self, location: str, reason: str) -> None:
        super().__init__(f"{location}: {reason}. It is one of s3://, gs://, az://BUCKET/PREFIX or file:///FOLDER.")


def open_object_store(location: str, *, client: dict[str, Any] | None = None) -> "ObjectCopies":
    """`client` overrides settings of the HTTP client, by the names that obstore gives them.

    Raises:
        UnknownObjectStore: No such kind of store, or its settings are incomplete.
    """
    url = urlsplit(location)
    try:
        if url.scheme == "file" and not url.netloc and url.path != "/":
            return ObjectCopies(from_url(location, mkdir=True), folder=Path(unquote(url.path)))
        if url.scheme not in CLOUDS:
            raise UnknownObjectStore(location, "unknown")
        options: Any = {
            "client_options": CLIENT | _from_variables(url.scheme) | (client or {}),
            "retry_config": RETRIES,
        }
        return ObjectCopies(from_url(location, **options))
    except (BaseError, ValueError) as error:
        raise UnknownObjectStore(location, _reason(error)) from error


def _from_variables(scheme: str) -> dict[str, Any]:
    """Those that obstore would read by itself, if it were given no settings of the client."""
    prefix = CLOUDS[scheme]
    given = {
        name: os.environ[prefix + name.upper()] for name in (*SWITCHES, *PROXY) if prefix + name.upper() in os.environ
    }
    return {name: value.lower() == "true" if name in SWITCHES else value for name, value in given.items()}


class ObjectCopies:
    def __init__(self, store: ObjectStore, *, folder: Path | None = None) -> None:
        """`folder` is where a local store keeps its files."""
        self._store = store
        self._folder = folder

    async def put(self, name: str, path: Path) -> None:
        with _translated_errors():
            await obstore.put_async(self._store, name, path, chunk_size=PART, max_concurrency=AT_ONCE)
            if self._folder is not None:
                await asyncio.to_thread(_sync_all, self._folder, name)

    async def get(self, name: str, size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, PART):
            try:
                with _translated_errors():
                    length = min(PART, size - start)
                    piece = await obstore.get_range_async(self._store, name, start=start, length=length)
            except FileNotFoundError:
                raise BlobNotFound(sha256_of(name)) from None
            yield bytes(piece)

    async def delete(self, names: Sequence[str]) -> None:
        for name in names:
            try:
                with _translated_errors():
                    await obstore.delete_async(self._store, name)
            except FileNotFoundError:
                continue

    async def names(self) -> AsyncIterator[str]:
        stream = obstore.list(self._store, chunk_size=1000)
        while batch := await self._next(stream):
            for entry in batch:
                yield entry["path"]

    async def check(self) -> None:
        try:
            with _translated_errors():
                await obstore.head_async(self._store, "check")
        except FileNotFoundError:
            return

    async def _next(self, stream: Any) -> Sequence[Any]:
        try:
            with _translated_errors():
                batch: Sequence[Any] = await anext(stream)
        except StopAsyncIteration:
            return ()
        return batch


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (PermissionDeniedError, UnauthenticatedError) as error:
        logger.bind(reason=_reason(error)).error("The object store refuses our credentials")
        raise StoreUnavailable("the object store refuses our credentials") from error
    except (BaseError, OSError, ValueError) as error:
        # Callers are not to learn the names of servers and buckets.
        logger.bind(reason=_reason(error)).debug("The object store failed")
        raise StoreUnavailable("the object store does not answer, or not as it should") from error


def _reason(error: Exception) -> str:
    """What went wrong, without the dump of its causes."""
    return str(error).split("\n\nDebug source")[0].strip()[:LONGEST_REASON]


def _sync_all(folder: Path, name: str) -> None:
    path = folder / name
    for each in (path, *list(path.parents)[: name.count("/") + 1]):
        sync(each)
