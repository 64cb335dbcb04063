"""The tables of a compound file (DOC, XLS, PPT of before 2007), before others follow them blindly."""

import struct
from array import array
from pathlib import Path
from typing import BinaryIO

from footnote.modules.ingestion.extraction.errors import DamagedFile

_HEADER = struct.Struct("<30xH28xI4xI")
_IN_HEADER = 109  # places of the table that the header itself lists
_LAST = 0xFFFFFFFA  # greater ones are marks, not sectors


def refuse_circles(path: Path) -> None:
    """
    Raises:
        DamagedFile: A chain of sectors runs in a circle, or the file is too short for its tables.
    """
    with path.open("rb") as file:
        try:
            table, shift, minimal = _table(file, path.stat().st_size)
            _refuse(table)
            _refuse(_mini_table(file, table, shift, minimal))
        except (struct.error, IndexError, OverflowError) as error:
            raise DamagedFile("The file is damaged: its table of sectors is not whole.") from error


def _table(file: BinaryIO, size: int) -> tuple["array[int]", int, int]:
    """The next sector of each; the size of one as a power of 2; where the table of the small ones starts."""
    head = file.read(512)
    shift, minimal, more = _HEADER.unpack_from(head)
    places = array("I", head[76 : 76 + 4 * _IN_HEADER])
    if not 7 <= shift <= 16:
        raise DamagedFile("The file is damaged: its sectors have no size.")
    count = size >> shift
    for _ in range(count):
        if more >= _LAST:
            break
        listed = _sector(file, more, shift)
        places.extend(listed[:-1])
        more = listed[-1]
    table = array("I")
    for place in places:
        if place < _LAST and len(table) <= count:
            table.extend(_sector(file, place, shift))
    return table, shift, minimal


def _mini_table(file: BinaryIO, table: "array[int]", shift: int, start: int) -> "array[int]":
    mini = array("I")
    while start < len(table):
        mini.extend(_sector(file, start, shift))
        start = table[start]
    return mini


def _sector(file: BinaryIO, number: int, shift: int) -> "array[int]":
    file.seek((number + 1) << shift)
    content = file.read(1 << shift)
    return array("I", content[: len(content) // 4 * 4] or bytes(4))


def _refuse(table: "array[int]") -> None:
    seen = bytearray(len(table))  # 1 on the way, 2 when known to end
    for start in range(len(table)):
        way, at = [], start
        while at < len(table) and not seen[at]:
            seen[at] = 1
            way.append(at)
            at = table[at]
        if at < len(table) and seen[at] == 1:
            raise DamagedFile("The file is damaged: a chain of its sectors runs in a circle.")
        for sector in way:
            seen[sector] = 2
