"""Copies of blobs in GridFS, the files of MongoDB: written by a majority, read from the primary."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import NoFile

from footnote.platform.storage.errors import BlobNotFound
from footnote.platform.storage.mongo import MongoDatabase, translated_errors
from footnote.platform.storage.remote import sha256_of
from footnote.platform.storage.staging import pieces_of

BUCKET = "copy"


class GridCopies:
    """A file's document is written after its chunks; a mark before them tells what a crash left unfinished."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._bucket = AsyncGridFSBucket(database.database, BUCKET)
        self._files = database.collection(f"{BUCKET}.files")
        self._begun = database.collection(f"{BUCKET}.begun")

    async def put(self, name: str, path: Path) -> None:
        await self._begun.insert_one({"_id": name})
        with translated_errors():
            file = self._bucket.open_upload_stream_with_id(name, name)
            async for piece in pieces_of(path):
                await file.write(piece)
            await file.close()
        await self._begun.delete_one({"_id": name})

    async def get(self, name: str, size: int) -> AsyncIterator[bytes]:
        with translated_errors(), _translated_absence(name):
            async with await self._bucket.open_download_stream(name) as file:
                while piece := await file.readchunk():
                    yield piece

    async def delete(self, names: Sequence[str]) -> None:
        for name in names:
            # Without a file there may be chunks, and they are deleted all the same.
            with translated_errors(), suppress(NoFile):
                await self._bucket.delete(name)
            await self._begun.delete_one({"_id": name})

    async def names(self) -> AsyncIterator[str]:
        for collection in (self._begun, self._files):
            async for row in collection.each({}, projection=["_id"]):
                yield row["_id"]

    async def check(self) -> None:
        await self._database.check()


@contextmanager
def _translated_absence(name: str) -> Iterator[None]:
    try:
        yield
    except NoFile:
        raise BlobNotFound(sha256_of(name)) from None
