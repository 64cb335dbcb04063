"""The file of an export: a mark, then frames, each chained to all before it.

    mark     the 16 bytes `FOOTNOTE-EXPORT` and a line feed
    frame    length of the payload, 4 bytes, the most significant first
             payload, a record in MessagePack (see `records`)
             chain, 32 bytes: SHA-256 of the chain before, the length and the payload

The chain before the first frame is the SHA-256 of the mark. So the chain of the last frame is a checksum of the whole
file, and a file that was cut off is whole up to its last whole frame.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from footnote.config.moving.errors import ExportDamaged

MARK = b"FOOTNOTE-EXPORT\n"
LENGTH = 4  # bytes
CHAIN = 32
LARGEST = 1 << 30  # bytes of one payload


class Place(NamedTuple):
    """Between two frames."""

    byte: int
    chain: bytes

    @property
    def checksum(self) -> str:
        """Of all that comes before."""
        return self.chain.hex()


START = Place(len(MARK), hashlib.sha256(MARK).digest())


class Frame(NamedTuple):
    payload: bytes
    begin: int  # byte
    end: Place


class FrameWriter:
    def __init__(self, file: BinaryIO, place: Place) -> None:
        """Go on writing at `place`; what comes behind it is dropped."""
        self._file = file
        self.place = place
        self.go_back(place)

    @classmethod
    def begin(cls, file: BinaryIO) -> "FrameWriter":
        file.seek(0)
        file.write(MARK)
        return cls(file, START)

    def write(self, payload: bytes) -> None:
        length = len(payload).to_bytes(LENGTH)
        chain = chained(self.place.chain, length, payload)
        self._file.write(length + payload + chain)
        self.place = Place(self.place.byte + LENGTH + len(payload) + CHAIN, chain)

    def go_back(self, place: Place) -> None:
        self._file.seek(place.byte)
        self._file.truncate()
        self.place = place

    def sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


def read_frames(file: BinaryIO, path: Path) -> Iterator[Frame]:
    """Every frame, checked, up to the end of the file.

    Raises:
        ExportDamaged: A frame is not whole, or not what was written.
    """
    if file.read(len(MARK)) != MARK:
        raise ExportDamaged(path, 0, "it is no export of footnote")
    place = START
    while length := file.read(LENGTH):
        size = int.from_bytes(length)
        if size > LARGEST:
            raise ExportDamaged(path, place.byte, "what stands there is no length")
        payload, chain = file.read(size), file.read(CHAIN)
        if len(chain) < CHAIN:
            raise ExportDamaged(path, place.byte, "the file ends in the middle of what begins there")
        if chain != chained(place.chain, length, payload):
            raise ExportDamaged(path, place.byte, "the bytes are not those that were written")
        frame = Frame(payload, place.byte, Place(place.byte + LENGTH + size + CHAIN, chain))
        place = frame.end
        yield frame


def chained(before: bytes, length: bytes, payload: bytes) -> bytes:
    digest = hashlib.sha256(before)
    digest.update(length)
    digest.update(payload)
    return digest.digest()
