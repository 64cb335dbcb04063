"""Arrays in files: written whole or not at all, and mapped into memory when they are read."""

import json
import mmap
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository.memory.sparse import Floats, Integers

MAGIC = b"FNINDEX1"
ALIGNMENT = 64  # bytes
WINDOW = 1 << 16  # bytes that reading one of them has mapped, on Linux
KEPT = 512 << 20  # bytes of all files of rows that stay mapped: to map a row anew takes longer than to read it
KEPT_OF_MORE = 256 << 20  # the same where all together have more: then most rows are not mapped in any case
Array = NDArray[Any]


class DamagedFile(Exception):
    """It is not what was written."""


class FloatFile:
    """Rows of float32 in a mapped file, taken in one call: reading each by itself would pass the interpreter's lock on.

    What is mapped counts as memory in use, so all is given back when it comes to more than the file's share.
    """

    _all: ClassVar[weakref.WeakSet["FloatFile"]] = weakref.WeakSet()

    def __init__(self, path: Path, dimension: int) -> None:
        size = path.stat().st_size
        self._rows = np.zeros((0, dimension), np.float32)
        self._windows = np.zeros(size // WINDOW + 1, np.bool_)  # that are mapped
        self._taken = 0
        self._map: mmap.mmap | None = None
        if size:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._rows = np.frombuffer(self._map, np.float32, size // (4 * dimension) * dimension).reshape(
                -1, dimension
            )
            if size > KEPT and hasattr(mmap, "MADV_RANDOM"):  # not on every system
                self._map.madvise(mmap.MADV_RANDOM)
        self._share = 0  # bytes that may stay mapped
        self._all.add(self)
        self._divide()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, rows: Integers) -> Floats:
        """Float32 [len(rows), dimension]."""
        found: Floats = self._rows.take(rows, axis=0)  # twice as quick as `[rows]`
        self._windows[rows * (4 * self._rows.shape[1]) // WINDOW] = True
        self._taken += len(rows)
        if self._taken * WINDOW > self._share:
            self._taken = int(np.count_nonzero(self._windows))
            if self._taken * WINDOW > self._share:
                self._give_back()
        return found

    def warm(self) -> None:
        """Map the whole file, if its share allows it."""
        if self._map is not None and len(self._map) <= self._share:
            np.frombuffer(self._map, np.uint8)[::WINDOW].max()
            self._windows[:] = True

    @classmethod
    def _divide(cls) -> None:
        """Among those that there are when one is opened."""
        files = list(cls._all)
        kept = KEPT if sum(each._rows.nbytes for each in files) <= KEPT else KEPT_OF_MORE
        for each in files:
            each._share = kept // len(files)

    def _give_back(self) -> None:
        self._taken = 0
        self._windows[:] = False
        if self._map is not None:
            give_back(self._map)


def unmapped(array: Array) -> None:
    """What is mapped of the file that `array` is of counts no longer as memory in use, until it is read again."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap):
        give_back(base)


def give_back(mapped: mmap.mmap) -> None:
    if hasattr(mmap, "MADV_DONTNEED"):  # not on every system
        mapped.madvise(mmap.MADV_DONTNEED)


def write_floats(path: Path, batches: Iterable[Floats]) -> None:
    with _new_file(path) as file:
        for batch in batches:
            _write(file, np.ascontiguousarray(batch, np.float32))


def write_arrays(path: Path, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """All of `arrays` in one file, and `about` as JSON; the file must not be there yet."""
    described, offset = {}, 0
    for name, array in arrays.items():
        described[name] = (array.dtype.str, array.shape, offset)
        offset += _padded(array.nbytes)
    head = json.dumps({"about": about, "arrays": described, "bytes": offset}).encode()
    with _new_file(path) as file:
        file.write(MAGIC + len(head).to_bytes(8, "little") + head)
        file.write(bytes(_padded(file.tell()) - file.tell()))
        for array in arrays.values():
            _write(file, np.ascontiguousarray(array))
            file.write(bytes(_padded(array.nbytes) - array.nbytes))


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """What was written there; the arrays are mapped, and must not be written to.

    Raises:
        DamagedFile: It is cut off, or something else.
        OSError: It is not there or cannot be read.
    """
    whole = np.memmap(path, np.uint8, "r")
    if bytes(whole[: len(MAGIC)]) != MAGIC:
        raise DamagedFile
    begin = len(MAGIC) + 8
    end = begin + int.from_bytes(bytes(whole[len(MAGIC) : begin]), "little")
    try:
        head = json.loads(bytes(whole[begin:end]))
    except ValueError as error:
        raise DamagedFile from error
    content = np.asarray(whole)[_padded(end) :]
    if len(content) != head["bytes"]:
        raise DamagedFile
    return head["about"], {name: _array(content, *each) for name, each in head["arrays"].items()}


def _array(content: Array, dtype: str, shape: list[int], offset: int) -> Array:
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return content[offset : offset + size].view(dtype).reshape(shape)


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _write(file: BinaryIO, array: Array) -> None:
    """In small pieces, as which the system keeps what was written: of large ones, each row that is read maps 2 MB."""
    whole = array.data.cast("B") if array.size else b""
    for first in range(0, len(whole), WINDOW):
        file.write(whole[first : first + WINDOW])


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """On the disk at the end, or not there: halves of files would make a full disk fuller with each attempt."""
    with path.open("xb", buffering=WINDOW) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
