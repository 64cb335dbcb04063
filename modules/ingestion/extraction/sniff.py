"""What kind of file this is, by its content; the name counts only among kinds of plain text."""

import re
import zipfile
from pathlib import Path

from footnote.modules.ingestion.extraction.errors import EmptyFile

PLAIN = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNKNOWN = "application/octet-stream"

_HEAD = 8192
_PDF_HEAD = 1024  # readers accept garbage before the header up to here

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
)
_ZIP_PARTS = (
    ("word/document", DOCX),
    ("xl/workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("META-INF/container.xml", "application/epub+zip"),
)
_NAMED_TEXT = {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN, ".text": PLAIN}
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CONTROLS = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(rb"<(?:p|div|h[1-6]|ul|ol|table|article|section|main|a|span|title|meta)\b", re.IGNORECASE)


def sniff(path: Path, filename: str) -> str:
    """The media type of the file at `path`, uploaded as `filename`; `application/octet-stream` if it is none we know.

    Raises:
        EmptyFile: It has no bytes.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise EmptyFile("The file has no content.")
    suffix = Path(filename).suffix.lower()
    return _binary(head, suffix) or (_zip(path, head) if head.startswith(b"PK") else _text(head, suffix))


def _binary(head: bytes, suffix: str) -> str | None:
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head.startswith(b"RIFF"):
        return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(head[8:12], UNKNOWN)
    is_pdf = head.lstrip().startswith(b"%PDF-") or (b"%PDF-" in head[:_PDF_HEAD] and suffix not in _NAMED_TEXT)
    return PDF if is_pdf else None


def _zip(path: Path, head: bytes) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # A Word file cut short is still one, to be refused as damaged.
        return DOCX if b"word/" in head else "application/zip"
    for part, media_type in _ZIP_PARTS:
        if any(name.startswith(part) for name in names):
            return media_type
    return "application/zip"


def _text(head: bytes, suffix: str) -> str:
    if head.startswith(_TEXT_MARKS):
        head = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    elif _is_wide(head):
        head = head.replace(b"\x00", b"")
    if len(_CONTROLS.findall(head)) > len(head) // 100:
        return UNKNOWN
    if _HTML_START.match(head) or (suffix in (".html", ".htm", ".xhtml") and _TAG.search(head)):
        return HTML
    return _NAMED_TEXT.get(suffix, PLAIN)


def _is_wide(head: bytes) -> bool:
    """UTF-16 or UTF-32 without a mark, of a script in which every other byte is zero."""
    return b"\x00" in head and (not any(head[::2]) or not any(head[1::2]))
