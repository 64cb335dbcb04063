"""Arrays in files: written whole or not at all, and mapped into memory when they are read."""

import json
import os
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository.memory.sparse import Floats, Integers

MAGIC = b"FNINDEX1"
ALIGNMENT = 64  # bytes
Array = NDArray[Any]


class DamagedFile(Exception):
    """It is not what was written."""


class FloatFile:
    """Rows of float32 in a file, read one by one: mapped, all pages around them would count as memory in use."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._width = dimension * 4
        self._dimension = dimension
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._close = weakref.finalize(self, os.close, self._file)
        self._size = os.fstat(self._file).st_size // max(self._width, 1)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, rows: Integers) -> Floats:
        """Float32 [len(rows), dimension].

        Raises:
            DamagedFile: It has been cut off.
        """
        found = b"".join([os.pread(self._file, self._width, row * self._width) for row in rows.tolist()])
        if len(found) != len(rows) * self._width:
            raise DamagedFile
        return np.frombuffer(found, np.float32).reshape(len(rows), self._dimension)


def write_floats(path: Path, batches: Iterable[Floats]) -> None:
    with path.open("xb") as file:
        for batch in batches:
            file.write(np.ascontiguousarray(batch, np.float32).data)
        _settle(file.fileno())


def write_arrays(path: Path, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """All of `arrays` in one file, and `about` as JSON; the file must not be there yet."""
    described, offset = {}, 0
    for name, array in arrays.items():
        described[name] = (array.dtype.str, array.shape, offset)
        offset += _padded(array.nbytes)
    head = json.dumps({"about": about, "arrays": described, "bytes": offset}).encode()
    with path.open("xb") as file:
        file.write(MAGIC + len(head).to_bytes(8, "little") + head)
        file.write(bytes(_padded(file.tell()) - file.tell()))
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
            file.write(bytes(_padded(array.nbytes) - array.nbytes))
        _settle(file.fileno())


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


def _settle(file: int) -> None:
    os.fsync(file)
