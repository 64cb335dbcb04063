"""Arrays in files: written whole or not at all, and mapped into memory when they are read."""

import json
import mmap
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository.memory.sparse import Floats, Integers

MAGIC = b"FNINDEX1"
ALIGNMENT = 64  # bytes
TAKEN = 2000  # rows, each of which may have 64 KB mapped
Array = NDArray[Any]


class DamagedFile(Exception):
    """It is not what was written."""


class FloatFile:
    """Rows of float32 in a mapped file, taken in one call: reading each by itself would pass the interpreter's lock on.

    Pages around the rows are mapped as well and count as memory in use, so now and then all are given back.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        size = path.stat().st_size
        self._rows = np.zeros((0, dimension), np.float32)
        self._taken = 0
        self._map: mmap.mmap | None = None
        if size:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._rows = np.frombuffer(self._map, np.float32, size // (4 * dimension) * dimension).reshape(
                -1, dimension
            )
            self._advise("MADV_RANDOM")

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, rows: Integers) -> Floats:
        """Float32 [len(rows), dimension]."""
        found: Floats = self._rows[rows]
        self._taken += len(rows)
        if self._taken > TAKEN:
            self._taken = 0
            self._advise("MADV_DONTNEED")
        return found

    def _advise(self, advice: str) -> None:
        if self._map is not None and hasattr(mmap, advice):  # not on every system
            self._map.madvise(getattr(mmap, advice))


def write_floats(path: Path, batches: Iterable[Floats]) -> None:
    with _new_file(path) as file:
        for batch in batches:
            file.write(np.ascontiguousarray(batch, np.float32).data)


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
            file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
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


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """On the disk at the end, or not there: halves of files would make a full disk fuller with each attempt."""
    with path.open("xb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
