"""What kind of file this is, by its content; the name counts only among kinds of plain text."""

import re
from pathlib import Path

from footnote.modules.ingestion.extraction.errors import EmptyFile
from footnote.modules.ingestion.extraction.kinds import (
    BMP,
    FLAC,
    GIF,
    JPEG,
    M4A,
    MP3,
    OGG,
    PDF,
    PNG,
    RTF,
    TIFF,
    UNKNOWN,
    WAV,
    WEBP,
)
from footnote.modules.ingestion.extraction.sniff_containers import MAGIC_OLE, ole_kind, zip_kind
from footnote.modules.ingestion.extraction.sniff_text import NAMED_TEXT, text_kind

_HEAD = 8192
_PDF_HEAD = 1024  # readers accept garbage before the header up to here
_PDF_PARTS = re.compile(rb"\b\d+ \d+ obj\b|\bxref\b|\btrailer\b|%PDF")

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),  # of more than 4 GB
    (b"MM\x00+", TIFF),
    (b"{\\rtf", RTF),
    (b"%!PS", "application/postscript"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"ID3", MP3),
    (b"OggS", OGG),
    (b"fLaC", FLAC),
)
_RIFF = {b"WAVE": WAV, b"WEBP": WEBP}
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})  # bytes
_SOUND_BRANDS = (b"M4A", b"M4B", b"M4P", b"F4A", b"isom", b"iso", b"mp4", b"dash", b"avc1", b"MSNV", b"3gp")


def sniff(path: Path, filename: str) -> str:
    """The media type of the file at `path`, uploaded as `filename`; `application/octet-stream` if it is none we know.

    Reads a few kilobytes and, of an archive, its table of contents, up to a bound.

    Raises:
        EmptyFile: It has no bytes.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not head:
            raise EmptyFile("The file has no content.")
        suffix = Path(filename).suffix.lower()
        if head.startswith(MAGIC_OLE):
            return ole_kind(file, suffix)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00PK")):
            return zip_kind(file, head, suffix)
    return _binary(head, suffix) or text_kind(head, suffix, is_whole=len(head) < _HEAD)


def _binary(head: bytes, suffix: str) -> str | None:
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return M4A if head[8:12].startswith(_SOUND_BRANDS) else UNKNOWN
    if _is_bitmap(head):
        return BMP
    if _is_mpeg_audio(head):
        return MP3
    return PDF if _is_pdf(head, suffix) else None


def _is_pdf(head: bytes, suffix: str) -> bool:
    if suffix == ".pdf" and _PDF_PARTS.search(head):  # without its header it is repaired, or refused as damaged
        return True
    return head.lstrip().startswith(b"%PDF-") or (b"%PDF-" in head[:_PDF_HEAD] and suffix not in NAMED_TEXT)


def _is_bitmap(head: bytes) -> bool:
    return (
        head.startswith(b"BM")
        and int.from_bytes(head[14:18], "little") in _BMP_HEADERS
        and head[6:10] == b"\x00\x00\x00\x00"
    )


def _is_mpeg_audio(head: bytes) -> bool:
    """A frame header of layer III; its first 11 bits are set, and version, bit rate and sampling rate are possible."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[1] >> 3 & 3 != 1 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
