"""Tells apart the formats that are packed in ZIP archives and in OLE compound files, by what stands inside."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from footnote.modules.ingestion.extraction.kinds import (
    DOC,
    DOCX,
    EPUB,
    LOCKED_OFFICE,
    MSG,
    ODP,
    ODS,
    ODT,
    PPT,
    PPTX,
    UNKNOWN,
    XLS,
    XLSX,
    ZIP,
)

MAGIC_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_TAIL = 65_557  # bytes: the longest comment and the record before it
_MAX_DIRECTORY = 1 << 20  # bytes of an archive's table of contents that are read
_PACKAGE = "[Content_Types].xml"  # marks the formats of Microsoft Office, and a few others
_OFFICE_PARTS = (("word/document", DOCX), ("xl/workbook", XLSX), ("ppt/presentation", PPTX))
_OFFICE_FOLDERS = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
_MIMETYPES = (
    ("application/epub+zip", EPUB),
    ("application/vnd.oasis.opendocument.text", ODT),
    ("application/vnd.oasis.opendocument.spreadsheet", ODS),
    ("application/vnd.oasis.opendocument.presentation", ODP),
)
_OPEN_DOCUMENTS = {".ods": ODS, ".ots": ODS, ".odp": ODP, ".otp": ODP}

_MAX_ENTRIES = 4096  # of an OLE directory
_ENTRY, _FREE = 128, 0xFFFFFFFA  # bytes; sector numbers from here on mean something else
_OLE_STREAMS = (
    ("EncryptedPackage", LOCKED_OFFICE),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
    ("__properties_version1.0", MSG),
)
_OLE_NAMES = {".doc": DOC, ".dot": DOC, ".xls": XLS, ".xlt": XLS, ".ppt": PPT, ".pps": PPT, ".msg": MSG}


def zip_kind(file: BinaryIO, head: bytes, suffix: str) -> str:
    if declared := _declared(head):
        return next((kind for prefix, kind in _MIMETYPES if declared.startswith(prefix)), UNKNOWN)
    names = _names(file)
    if not names:
        return _cut_short(head)
    if "META-INF/container.xml" in names:
        return EPUB
    if "META-INF/manifest.xml" in names and "content.xml" in names:
        return _OPEN_DOCUMENTS.get(suffix, ODT)
    for part, kind in _OFFICE_PARTS:
        if any(name.startswith(part) for name in names):
            return kind
    # Packages of other programs hold nothing that a reader would call a file.
    return UNKNOWN if _PACKAGE in names else ZIP


def _declared(head: bytes) -> str:
    """What the entry `mimetype` says, which the formats that have one put first and leave unpacked."""
    if head[30:38] != b"mimetype" or head[8:10] != b"\x00\x00":
        return ""
    start = 38 + int.from_bytes(head[28:30], "little")
    size = int.from_bytes(head[18:22], "little")
    return head[start : start + min(size or 80, 80)].decode("ascii", "replace").strip()


def _cut_short(head: bytes) -> str:
    """An archive without its end is still of its kind, to be refused as damaged."""
    names = list(_local_names(head))
    for folder, kind in _OFFICE_FOLDERS:
        if any(name.startswith(folder) for name in names):
            return kind
    return ZIP


def _local_names(head: bytes) -> Iterator[str]:
    at = head.find(_LOCAL)
    while at >= 0:
        length = int.from_bytes(head[at + 26 : at + 28], "little")
        yield head[at + 30 : at + 30 + length].decode("utf-8", "replace")
        at = head.find(_LOCAL, at + 4)


def _names(file: BinaryIO) -> set[str]:
    """The first names in the table of contents; none if there is no such table."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 20:
        return set()
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    start = size - len(tail) + end - length
    if length == 0xFFFFFFFF or start < 0:  # as archives of more than 4 GB have it, which no office file is
        start = int.from_bytes(tail[end + 16 : end + 20], "little")
    file.seek(start)
    return set(_central_names(file.read(min(length, _MAX_DIRECTORY))))


def _central_names(directory: bytes) -> Iterator[str]:
    at = 0
    while directory[at : at + 4] == _CENTRAL and len(directory) >= at + 46:
        name, extra, comment = (int.from_bytes(directory[at + n : at + n + 2], "little") for n in (28, 30, 32))
        yield directory[at + 46 : at + 46 + name].decode("utf-8", "replace").replace("\\", "/").lstrip("/")
        at += 46 + name + extra + comment


def ole_kind(file: BinaryIO, suffix: str) -> str:
    names = _ole_names(file)
    for stream, kind in _OLE_STREAMS:
        if stream in names:
            return kind
    # Without a directory it was cut short, and shall be refused as damaged.
    return UNKNOWN if names else _OLE_NAMES.get(suffix, UNKNOWN)


def _ole_names(file: BinaryIO) -> set[str]:
    """What stands in the root folder: an object embedded in a file must not be taken for the file."""
    entries = _ole_entries(file)
    names: set[str] = set()
    seen = {0}
    waiting = [_number(entries[0], 76)] if entries else []
    while waiting:
        index = waiting.pop()
        if index in seen or index >= len(entries):
            continue
        seen.add(index)
        entry = entries[index]
        names.add(entry[: max(0, _number(entry, 64, 2) - 2)].decode("utf-16-le", "replace"))
        waiting += (_number(entry, 68), _number(entry, 72))
    return names


def _ole_entries(file: BinaryIO) -> list[bytes]:
    file.seek(0)
    header = file.read(512)
    if len(header) < 512 or header[30:32] not in (b"\x09\x00", b"\x0c\x00"):
        return []
    size = 1 << header[30]
    tables = [_number(header, 76 + 4 * index) for index in range(109)]
    entries: list[bytes] = []
    sector = _number(header, 48)
    while sector < _FREE and len(entries) < _MAX_ENTRIES:
        file.seek((sector + 1) * size)
        content = file.read(size)
        entries += (content[at : at + _ENTRY] for at in range(0, len(content) - _ENTRY + 1, _ENTRY))
        sector = _next(file, tables, sector, size) if content else _FREE
    return entries


def _next(file: BinaryIO, tables: list[int], sector: int, size: int) -> int:
    table, place = divmod(sector, size // 4)
    if table >= len(tables) or tables[table] >= _FREE:
        return _FREE
    file.seek((tables[table] + 1) * size + 4 * place)
    content = file.read(4)
    return _number(content, 0) if len(content) == 4 else _FREE


def _number(content: bytes, at: int, length: int = 4) -> int:
    return int.from_bytes(content[at : at + length], "little")
