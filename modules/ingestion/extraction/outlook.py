"""Messages that Outlook saved: turned into mail, and read as such."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import HeaderParser
from email.utils import format_datetime, formataddr
from pathlib import Path

import olefile

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.decoding import clean, decode
from footnote.modules.ingestion.extraction.errors import DamagedFile, NotText
from footnote.modules.ingestion.extraction.kinds import MSG
from footnote.modules.ingestion.extraction.mail import read_message
from footnote.modules.ingestion.extraction.rtf import mail_body, unpacked
from footnote.modules.ingestion.models import Extraction

# Properties, as MS-OXPROPS numbers them.
_SUBJECT, _BODY, _HTML, _RTF, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_SENT, _DELIVERED, _CODEPAGE, _INTERNET_CODEPAGE = 0x0039, 0x0E06, 0x3FFD, 0x3FDE
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP, _SENT_FOR = 0x0C1A, 0x0C1F, 0x5D01, 0x0042
_DISPLAY_TO, _DISPLAY_CC = 0x0E04, 0x0E03
_NAME, _ADDRESS, _SMTP, _ROLE = 0x3001, 0x3003, 0x39FE, 0x0C15
_LONG_NAME, _SHORT_NAME, _CONTENT, _MIME, _CONTENT_ID = 0x3707, 0x3704, 0x3701, 0x370E, 0x3712
_ROLES = {1: "To", 2: "Cc"}
_OBJECT, _UNICODE, _BYTES, _EIGHT_BIT = "000D", "001F", "0102", "001E"
_HEADER_SIZES = (32, 24, 8)  # bytes before the properties of a message, one inside another, and the rest
_MAX_DEPTH = 8  # of messages attached to messages
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_FAULTS = (OSError, struct.error, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError)


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    try:
        with olefile.OleFileIO(str(path)) as file:
            message = _Folder(file, []).message(0)
    except _FAULTS as error:
        raise DamagedFile(f"The message is damaged ({error}). Save it from Outlook again, or as EML.") from error
    yield from read_message(message, context, MSG)


class _Folder:
    """A message, recipient or attachment: a storage with a stream for each long property."""

    def __init__(self, file: olefile.OleFileIO, path: list[str]) -> None:
        self._file = file
        self._path = path
        self._fixed = self._short_properties()
        self._folders = sorted(
            {
                entry[len(path)]
                for entry in file.listdir(streams=False, storages=True)
                if len(entry) == len(path) + 1 and entry[: len(path)] == path
            }
        )

    def message(self, depth: int) -> Message:
        message = MIMEMultipart("mixed")
        for name, words in self._heads().items():
            message[name] = Header(clean(words).replace("\n", " "), "utf-8").encode()
        alternatives = MIMEMultipart("alternative")
        for words, subtype in self._texts():
            alternatives.attach(MIMEText(clean(words), subtype, "utf-8"))
        message.attach(alternatives)
        for name in self._folders:
            if name.startswith("__attach_version1.0") and (part := self._inside(name).attachment(depth)):
                message.attach(part)
        return message

    def attachment(self, depth: int) -> Message | None:
        name = self.text(_LONG_NAME) or self.text(_SHORT_NAME) or self.text(_NAME)
        inner = f"__substg1.0_{_CONTENT:04X}{_OBJECT}"
        if inner in self._folders:
            if depth >= _MAX_DEPTH:
                return None
            part: Message = MIMEBase("message", "rfc822")
            message = self._inside(inner).message(depth + 1)
            part.attach(message)
            name = (name or "message").removesuffix(".msg") + ".eml"
        else:
            main, _, sub = (self.text(_MIME) or "application/octet-stream").partition("/")
            part = MIMEBase(main or "application", sub or "octet-stream")
            part.set_payload(self.binary(_CONTENT))
            encode_base64(part)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", clean(name or "attachment")))
        if content_id := self.text(_CONTENT_ID):
            part["Content-ID"] = clean(content_id).replace("\n", "")
        return part

    def text(self, number: int) -> str:
        if content := self._stream(number, _UNICODE):
            return content.decode("utf-16-le", "replace").rstrip("\x00")
        content = self._stream(number, _EIGHT_BIT)
        return self._decoded(content, _CODEPAGE).rstrip("\x00") if content else ""

    def binary(self, number: int) -> bytes:
        return self._stream(number, _BYTES) or b""

    def integer(self, number: int) -> int:
        return int.from_bytes(self._fixed.get(number, b"")[:4], "little")

    def _texts(self) -> Iterator[tuple[str, str]]:
        plain = self.text(_BODY)
        page = self.text(_HTML) or self._decoded(self.binary(_HTML), _INTERNET_CODEPAGE)
        if not (plain.strip() or page.strip()) and (rich := self.binary(_RTF)):
            plain, page = mail_body(unpacked(rich))
        if plain.strip():
            yield plain, "plain"
        if page.strip():
            yield page, "html"

    def _heads(self) -> dict[str, str]:
        """As they came through the net, if it did; else as Outlook knows them."""
        sent = HeaderParser().parsestr(self.text(_HEADERS))
        known = {"From": self._sender(), "To": "", "Cc": "", "Date": self._date(), "Subject": self.text(_SUBJECT)}
        known.update(self._recipients())
        known["To"] = known["To"] or self.text(_DISPLAY_TO)
        known["Cc"] = known["Cc"] or self.text(_DISPLAY_CC)
        return {name: words or str(sent.get(name, "")) for name, words in known.items() if words or sent.get(name)}

    def _sender(self) -> str:
        address = self.text(_SENDER_SMTP) or self.text(_SENDER_ADDRESS)
        return _person(self.text(_SENDER) or self.text(_SENT_FOR), address)

    def _recipients(self) -> dict[str, str]:
        people: dict[str, list[str]] = {}
        for name in self._folders:
            if name.startswith("__recip_version1.0"):
                recipient = self._inside(name)
                address = recipient.text(_SMTP) or recipient.text(_ADDRESS)
                role = _ROLES.get(recipient.integer(_ROLE), "")
                people.setdefault(role, []).append(_person(recipient.text(_NAME), address))
        return {role: ", ".join(filter(None, names)) for role, names in people.items() if role}

    def _date(self) -> str:
        stamp = self._fixed.get(_SENT) or self._fixed.get(_DELIVERED)
        try:
            return (
                format_datetime(_EPOCH + timedelta(microseconds=int.from_bytes(stamp or b"", "little") / 10))
                if stamp
                else ""
            )
        except OverflowError:
            return ""

    def _inside(self, name: str) -> "_Folder":
        return _Folder(self._file, [*self._path, name])

    def _stream(self, number: int, kind: str) -> bytes | None:
        path = [*self._path, f"__substg1.0_{number:04X}{kind}"]
        if not self._file.exists(path):
            return None
        content: bytes = self._file.openstream(path).read()
        return content

    def _short_properties(self) -> dict[int, bytes]:
        path = [*self._path, "__properties_version1.0"]
        content: bytes = self._file.openstream(path).read() if self._file.exists(path) else b""
        last = self._path[-1] if self._path else ""
        start = _HEADER_SIZES[0 if not last else 1 if last.startswith("__substg") else 2]
        return {
            int.from_bytes(content[at + 2 : at + 4], "little"): content[at + 8 : at + 16]
            for at in range(start, len(content) - 15, 16)
        }

    def _decoded(self, content: bytes, codepage: int) -> str:
        number = self.integer(codepage)
        try:
            return content.decode("utf-8" if number == 65001 else f"cp{number or 1252}")
        except (LookupError, UnicodeDecodeError):
            try:
                return decode(content)[0]
            except NotText:
                return content.decode("latin-1")


def _person(name: str, address: str) -> str:
    if not address or "@" not in address or name == address:  # addresses inside an Exchange are of no use to people
        return name or address
    return formataddr((name, address)) if name.isascii() else f"{name} <{address}>"
