"""A store into a file, document after document, each as it is at one moment.

Everything is read at most one batch at a time. A document that changes, or goes, while it is written out is written
again. The order and the form of all that is written depend on nothing but the contents: two stores that hold the same
give the same bytes.
"""

import asyncio
import fcntl
import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec
import numpy as np

from footnote.config.moving.errors import ExportDamaged, ExportExists, ExportInUse, FileUnusable, StoreChanging
from footnote.config.moving.frames import FrameWriter, read_frames
from footnote.config.moving.kinds import KIND_OF, KINDS
from footnote.config.moving.parts import Parts
from footnote.config.moving.records import (
    FORMAT,
    Begin,
    BlobHead,
    ChunkBatch,
    DocumentEnd,
    End,
    Head,
    IndexHead,
    Piece,
    Record,
    decoded,
    encoded,
)
from footnote.modules.generation.conversations.repository.moving import ConversationRecord
from footnote.modules.ingestion.repository.moving import DocumentRecord
from footnote.modules.retrieval import Build
from footnote.platform.storage.errors import BlobNotFound

ATTEMPTS = 10
HEAD = Head(FORMAT)
UNFINISHED = ".part"
RESUMED = timedelta(days=1)  # what was begun earlier says too little of how things are now

Progress = Callable[["Written"], None]


class Written:
    """What is in the file so far."""

    def __init__(self) -> None:
        self.documents = 0
        self.last_document = ""
        self.counts: Counter[str] = Counter()  # by the name of the kind
        self.last: dict[str, str] = {}  # the id of the last one, also

    def add(self, record: Any) -> bool:
        """Whether `record` is one that makes what comes before it whole."""
        if kind := KIND_OF.get(type(record)):
            self.counts[kind.name] += 1
            self.last[kind.name] = kind.id_of(record.record)
            return True
        if isinstance(record, DocumentEnd):
            self.documents, self.last_document = self.documents + 1, record.record.document.id
            return True
        return isinstance(record, Head)


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    documents: int
    answers: int
    conversations: int
    memories: int
    prompts: int
    spending: int
    provider_keys: int
    bytes: int
    sha256: str  # the chain of the last frame


async def export_store(
    parts: Parts, path: Path, *, origin: str = "", on_progress: Progress = lambda _: None
) -> Exported:
    """Write `path`. Until it is whole it has another name, and the next call within a day goes on with it.

    `origin` says which store this is: what was begun with another is not gone on with.

    Raises:
        ExportExists, ExportInUse, FileUnusable: The file cannot be written.
        StoreChanging: A document was changed again and again.
    """
    if await asyncio.to_thread(path.exists):
        raise ExportExists(path)
    unfinished = unfinished_of(path, origin)
    with _opened(unfinished, path) as file:
        writer, written = _resumed(file, unfinished)
        await _Export(parts, writer, written, on_progress).run()
        writer.sync()
        os.link(unfinished, path)  # unlike a rename it never replaces what is there
        unfinished.unlink()
    place = writer.place
    return Exported(
        path=str(path),
        documents=written.documents,
        **{kind.name: written.counts[kind.name] for kind in KINDS},
        bytes=place.byte,
        sha256=place.checksum,
    )


class _Found(NamedTuple):
    record: DocumentRecord
    build: Build | None


class _Export:
    def __init__(self, parts: Parts, writer: FrameWriter, written: Written, on_progress: Progress) -> None:
        self._parts = parts
        self._writer = writer
        self._written = written
        self._on_progress = on_progress

    async def run(self) -> None:
        """What was begun goes on with the last kind of which there is something."""
        written = self._written
        begun = max((place for place, kind in enumerate(KINDS) if written.counts[kind.name]), default=0)
        if not written.counts:
            while await self._document():
                self._on_progress(written)
        for kind in KINDS[begun:]:
            while record := await self._parts.following(kind.name, written.last.get(kind.name, "")):
                self._tell(kind.end(self._answered(record) if isinstance(record, ConversationRecord) else record))
        self._write(End(written.documents, *(written.counts[kind.name] for kind in KINDS)))

    def _answered(self, talk: ConversationRecord) -> ConversationRecord:
        """Turns since the last answer that was written would have none in the file."""
        last = self._written.last.get("answers", "")
        return talk.with_turns(node for node in talk.nodes if node.id <= last)

    def _tell(self, record: Record) -> None:
        self._write(record)
        self._on_progress(self._written)

    async def _document(self) -> bool:
        """Whether there was one more."""
        after, place = self._written.last_document, self._writer.place
        for _ in range(ATTEMPTS):
            found = await self._found(after)
            if found is None:
                return False
            try:
                await self._parts_of(found)
                is_same = _is_same(found, await self._found(after))
            except BlobNotFound:
                is_same = False  # a sweep was quicker
            if is_same:
                self._write(DocumentEnd(found.record))
                return True
            self._writer.go_back(place)
        raise StoreChanging(after)

    async def _found(self, after: str) -> _Found | None:
        record = await self._parts.documents.following(after)
        if record is None:
            return None
        return _Found(record, await self._parts.published(record))

    async def _parts_of(self, found: _Found) -> None:
        record = found.record
        self._write(Begin(record.tenant, record.document.id))
        for sha256 in sorted(set(record.uses)):
            await self._blob(record.tenant, sha256)
        if found.build is not None:
            await self._chunks(found.build, record.document.title)

    async def _blob(self, tenant: str, sha256: str) -> None:
        async with self._parts.store.blobs.held(tenant, sha256) as path:
            self._write(BlobHead(sha256, path.stat().st_size))
            async for piece in self._parts.store.blobs.pieces(tenant, sha256):
                self._write(Piece(piece))

    async def _chunks(self, build: Build, title: str) -> None:
        self._write(IndexHead(build, title))
        async for batch in self._parts.index.chunks(build):
            embeddings = np.ascontiguousarray(batch.embeddings, "<f4").tobytes()
            tokens = tuple(batch.tokens) if any(batch.tokens) else ()
            self._write(ChunkBatch(tuple(batch.chunks), embeddings, tokens))

    def _write(self, record: Record) -> None:
        self._writer.write(encoded(record))
        self._written.add(record)


def _is_same(before: _Found, after: _Found | None) -> bool:
    return after is not None and before.build == after.build and before.record.is_same(after.record)


def unfinished_of(path: Path, origin: str) -> Path:
    return path.with_name(f"{path.name}.{hashlib.sha256(origin.encode()).hexdigest()[:8]}{UNFINISHED}")


@contextmanager
def _opened(path: Path, whole: Path) -> Iterator[BinaryIO]:
    """For reading and writing, by nobody else meanwhile, and for the eyes of its owner alone."""
    try:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield file
    except BlockingIOError:
        raise ExportInUse(path) from None
    except FileExistsError:
        raise ExportExists(whole) from None
    except OSError as error:
        raise FileUnusable(path, error) from error


def _resumed(file: BinaryIO, path: Path) -> tuple[FrameWriter, Written]:
    """At the end of the last record that is whole in the file; at its beginning if that is of another format."""
    written, place = Written(), None
    is_old = time.time() - os.fstat(file.fileno()).st_mtime > RESUMED.total_seconds()
    with suppress(ExportDamaged, msgspec.MsgspecError):  # where it was cut off
        for frame in () if is_old else read_frames(file, path):
            record = decoded(frame.payload)
            if isinstance(record, Head) and record != HEAD:
                break
            if written.add(record):
                place = frame.end
    if place is not None:
        return FrameWriter(file, place), written
    writer = FrameWriter.begin(file)
    writer.write(encoded(HEAD))
    return writer, written
