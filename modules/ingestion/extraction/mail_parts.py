"""The parts of a message: which are its text and which are attached, in spite of what mail programs do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value

from footnote.modules.ingestion.extraction.composer import on_one_line
from footnote.modules.ingestion.extraction.decoding import clean, decode
from footnote.modules.ingestion.extraction.errors import NotText

_SMALL = 50_000  # bytes; pictures in the text of a message that are no larger are decoration
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_SUFFIXES = {"text/html": ".html", "text/plain": ".txt", "text/calendar": ".ics", "application/pdf": ".pdf"}
_MAX_PARTS = 10_000
_MAX_HEADER = 50_000  # characters that are decoded, which takes the longer the more there are
_BETWEEN_WORDS = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?)")


@dataclass
class Body:
    """One text in up to two forms."""

    plain: str = ""
    html: str = ""


@dataclass
class Contents:
    """What a message holds, in its order."""

    message: Message
    bodies: list[Body] = field(default_factory=list)
    attachments: list[tuple[str, Message]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._alternatives: dict[int, Body] = {}
        for part, alternative in _leaves(self.message):
            self._take(part, alternative)

    def _take(self, part: Message, alternative: int) -> None:
        kind = part.get_content_type()
        if kind in _SIGNATURES or kind == "application/pgp-encrypted":
            return
        if kind in _SEALED or kind == "multipart/encrypted":
            self.warnings.append("The text is encrypted. Save the message decrypted and upload that to have it read.")
        elif kind in _TNEF:
            self.warnings.append("Attachments in winmail.dat, which only Outlook opens, were not read.")
        elif kind == "message/delivery-status":
            self.bodies.append(Body("\n\n".join(map(str, part.get_payload()))))
        elif _is_body(part):
            self._add(part, kind, alternative)
        elif not _is_decoration(part, kind):
            self.attachments.append((_name(part, len(self.attachments) + 1), part))

    def _add(self, part: Message, kind: str, alternative: int) -> None:
        body = self._alternatives.get(alternative) if alternative else None
        if body is None or (body.html if kind == "text/html" else body.plain):
            body = Body()
            self.bodies.append(body)
        if alternative:
            self._alternatives[alternative] = body
        if kind == "text/html":
            body.html = text_in(part)
        else:
            body.plain = text_in(part)


def header_text(message: Message, name: str) -> str:
    """The header as people read it, on one line; of several, the first."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return on_one_line(words_in(str(raw)))


def words_in(raw: str) -> str:
    """`raw` with its encoded words decoded, as far as that is possible."""
    raw = _mended(raw)
    if "=?" not in raw:
        return raw
    raw, rest = raw[:_MAX_HEADER], raw[_MAX_HEADER:]
    try:
        pieces = decode_header(_BETWEEN_WORDS.sub("", raw.replace("\r", "").replace("\n", "")))
    except (HeaderParseError, ValueError):
        return raw + rest
    return "".join(piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces) + rest


def text_in(part: Message) -> str:
    content = decoded(part)
    charset = part.get_content_charset()
    if charset:
        text = _decoded(content, charset)
        if "\ufffd" not in text:
            return clean(text)
    try:
        return decode(content)[0]
    except NotText:
        return clean(content.decode("latin-1"))


def content_of(part: Message) -> bytes:
    """The bytes of what is attached, which may be a message itself."""
    inner = part.get_payload() if part.is_multipart() else None
    if not (part.get_content_maintype() == "message" and isinstance(inner, list) and inner):
        return decoded(part)
    try:
        return inner[0].as_bytes() if isinstance(inner[0], Message) else b""
    except (UnicodeError, LookupError, ValueError, TypeError, AttributeError):  # what a damaged message leads to
        return b""


def decoded(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _leaves(message: Message) -> Iterator[tuple[Message, int]]:
    """The parts that hold something, each with the number of the choice it is part of, or 0."""
    waiting = [(message, 0)]
    for number in range(1, _MAX_PARTS):
        if not waiting:
            return
        part, alternative = waiting.pop()
        kind = part.get_content_type()
        # Asked for text, it would decode it, and fail where the charset is nonsense.
        inner = part.get_payload() if part.is_multipart() else None
        if (
            kind == "multipart/encrypted"
            or not isinstance(inner, list)
            or (kind.startswith("message/") and part is not message)
        ):
            yield part, alternative
        else:
            choice = number if kind == "multipart/alternative" else alternative
            waiting += [(one, choice) for one in reversed(inner) if isinstance(one, Message)]


def _is_body(part: Message) -> bool:
    is_attached = part.get_content_disposition() == "attachment" or (part.get_filename() and not _is_inline(part))
    return part.get_content_type() in ("text/plain", "text/html", "text/enriched") and not is_attached


def _is_inline(part: Message) -> bool:
    return part.get_content_disposition() == "inline" and part.get_content_type() == "text/html"


def _is_decoration(part: Message, kind: str) -> bool:
    is_shown = part.get("Content-ID") is not None or part.get_content_disposition() == "inline"
    return kind.startswith("image/") and is_shown and len(decoded(part)) <= _SMALL


def _name(part: Message, number: int) -> str:
    stated = part.get_param("filename", None, "content-disposition") or part.get_param("name", None)
    if stated:
        return words_in(collapse_rfc2231_value(stated))
    if part.get_content_maintype() == "message" and part.is_multipart():
        inner = part.get_payload(0)
        return (header_text(inner, "Subject") if isinstance(inner, Message) else "") + ".eml"
    return f"attachment {number}{_SUFFIXES.get(part.get_content_type(), '')}"


def _decoded(content: bytes, charset: str | None) -> str:
    try:
        return content.decode(charset or "ascii", errors="replace")
    except (LookupError, ValueError):
        try:
            return decode(content)[0]
        except NotText:
            return content.decode("latin-1")


def _mended(raw: str) -> str:
    """Bytes that are not ASCII stand in a header as lone surrogates."""
    try:
        content = raw.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:  # already decoded
        return raw
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
