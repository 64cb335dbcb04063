"""Archives, well-formed and hostile, made in memory."""

import io
import struct
import zipfile
from collections.abc import Mapping

Content = str | bytes


def zipped(parts: Mapping[str, Content], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive with those members, in that order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def package(mimetype: str, parts: Mapping[str, Content]) -> bytes:
    """An archive that says what it is in its first, unpacked entry, as EPUB and OpenDocument have it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), mimetype, zipfile.ZIP_STORED)
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_flag(archive: bytes, flag: int) -> bytes:
    """`archive` with a general purpose flag set on all its members, as if they were encrypted (1)."""
    changed = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + offset] |= flag
            at = changed.find(mark, at + 4)
    return bytes(changed)


def with_symlink(name: str, target: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo(name)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, target)
        archive.writestr("real.txt", "Real words.")
    return buffer.getvalue()


_SECTOR, _MINI, _END, _FREE = 512, 64, 0xFFFFFFFE, 0xFFFFFFFF

Folder = Mapping[str, "bytes | Folder"]


def compound(folder: Folder) -> bytes:
    """An OLE compound file with those streams and, as mappings, storages."""
    entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, _FREE, _END, 0]]
    streams: list[tuple[int, bytes]] = []
    _enter(folder, 0, entries, streams)
    sectors: list[bytes] = []
    table: list[int] = []

    def store(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[at : at + _SECTOR] for at in range(0, len(content), _SECTOR)]
        for number, piece in enumerate(pieces):
            sectors.append(piece.ljust(_SECTOR, b"\x00"))
            table.append(_END if number == len(pieces) - 1 else len(sectors))
        return first

    for index, content in streams:
        # Streams of less than 4,096 bytes would belong in a stream of their own; so they are made longer.
        entries[index][5], entries[index][6] = store(content.ljust(4096, b"\x00")), max(4096, len(content))
    directory = store(b"".join(_entry(*entry) for entry in entries))
    own = (len(table) + 127) // 127
    first_table = len(sectors)
    table += [0xFFFFFFFD] * own
    padded = [*table, *[_FREE] * (own * 128 - len(table))]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, own, directory, 0, 4096, _END, 0, _END, 0)
    tables = [first_table + number for number in range(own)]
    header += struct.pack("<109I", *tables, *[_FREE] * (109 - own))
    return header + b"".join(sectors) + struct.pack(f"<{len(padded)}I", *padded)


def _enter(folder: Folder, parent: int, entries: list[list[object]], streams: list[tuple[int, bytes]]) -> None:
    """Adds the entries of a folder, each the right neighbour of the one before, in the order that readers expect."""
    before: int | None = None
    for name, content in sorted(folder.items(), key=lambda item: (len(item[0]), item[0].upper())):
        index = len(entries)
        entries.append([name, 2 if isinstance(content, bytes) else 1, _FREE, _FREE, _FREE, 0, 0])
        entries[parent if before is None else before][4 if before is None else 3] = index
        before = index
        if isinstance(content, bytes):
            streams.append((index, content))
        else:
            _enter(content, index, entries, streams)


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    return (
        written.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(written) + 2, kind, 1, left, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
