"""Copies of blobs in GridFS, the files of MongoDB: written by a majority, read from the primary."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bson import Int64
from gridfs.asynchronous import AsyncGridFSBucket, AsyncGridOut
from gridfs.errors import NoFile

from footnote.platform.clock import utc_now
from footnote.platform.storage.errors import BlobNotFound
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.remote import sha256_of
from footnote.platform.storage.staging import PIECE, pieces_of

BUCKET = "copy"


class GridCopies:
    """A file's document is written after its chunks; a mark before them tells what a crash left unfinished."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._bucket = AsyncGridFSBucket(database.database, BUCKET)
        self._files = database.collection(f"{BUCKET}.files")
        self._chunks = database.collection(f"{BUCKET}.chunks")
        self._begun = database.collection(f"{BUCKET}.begun")

    async def put(self, name: str, path: Path) -> None:
        """One request a chunk: the driver would send 32 MiB in one, which must arrive in the time of one operation."""
        await self._begun.insert_one({"_id": name})
        size = number = 0
        async for piece in pieces_of(path):
            await self._chunks.insert_one({"files_id": name, "n": number, "data": piece})
            size, number = size + len(piece), number + 1
        file = {"_id": name, "filename": name, "length": Int64(size), "chunkSize": PIECE, "uploadDate": utc_now()}
        await self._files.insert_one(file)
        await self._begun.delete_one({"_id": name})

    async def get(self, name: str, size: int) -> AsyncIterator[bytes]:
        async with self._database.operation():
            with _translated_absence(name):
                file = await self._bucket.open_download_stream(name)
        while piece := await self._next_piece(file):
            yield piece

    async def delete(self, names: Sequence[str]) -> None:
        for name in names:
            # Without a file there may be chunks, and they are deleted all the same.
            async with self._database.operation(is_write=True):
                with suppress(NoFile):
                    await self._bucket.delete(name)
            await self._begun.delete_one({"_id": name})

    async def names(self) -> AsyncIterator[str]:
        for collection in (self._begun, self._files):
            async for row in collection.each({}, projection=["_id"]):
                yield row["_id"]

    async def check(self) -> None:
        await self._database.check()

    async def _next_piece(self, file: AsyncGridOut) -> bytes:
        """Whoever takes long over a piece shall not keep others from the server."""
        async with self._database.operation():
            return await file.readchunk()


@contextmanager
def _translated_absence(name: str) -> Iterator[None]:
    try:
        yield
    except NoFile:
        raise BlobNotFound(sha256_of(name)) from None
