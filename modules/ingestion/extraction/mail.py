"""E-mail: who wrote to whom and when, then what; attachments become documents of their own."""

import email
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.enclosures import Enclosures, TooMuch, safe_name
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.html import compose, composing
from footnote.modules.ingestion.extraction.kinds import EML
from footnote.modules.ingestion.extraction.mail_parts import Body, Contents, content_of, header_text
from footnote.modules.ingestion.extraction.text import cut
from footnote.modules.ingestion.models import Extraction

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_RICHER = 1.2  # times as many words; then the plain text is but a note that there is more


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    try:
        with path.open("rb") as file:
            message = email.message_from_binary_file(file)
        yield from read_message(message, context, EML)
    except RecursionError as error:
        raise DamagedFile("The message nests deeper than any mail program writes it.") from error


def read_message(message: Message, context: Context, media_type: str) -> Iterator[Extraction]:
    contents = Contents(message)
    enclosures = Enclosures(context)
    for warning in contents.warnings:
        enclosures.warn(warning)
    names = [_save(name, part, enclosures) for name, part in contents.attachments]
    title = header_text(message, "Subject") or None
    composer = Composer()
    composer.block("\n".join(_head(message, [name for name in names if name])))
    attachments, warnings = enclosures.taken(), enclosures.warnings
    for number, _ in enumerate(_body(contents.bodies, composer)):
        if composer.is_full:
            context.report(number, number + 1)
            yield composer.build(media_type, title=title, warnings=warnings, attachments=attachments)
            title, warnings, attachments = None, (), ()
    yield composer.build(media_type, title=title, warnings=warnings, attachments=attachments)


def _head(message: Message, attachments: list[str]) -> Iterator[str]:
    for name in _HEADERS:
        if words := header_text(message, name):
            yield f"{name}: {words}"
    if attachments:
        yield f"Attachments: {', '.join(attachments)}"


def _save(name: str, part: Message, enclosures: Enclosures) -> str | None:
    name = safe_name(name.replace("/", "_").replace("\\", "_"))
    content = content_of(part)
    if not content:
        enclosures.warn(f"{name} was left out: it is empty or damaged.")
        return None
    try:
        enclosures.save(name, [content])
    except TooMuch:
        enclosures.warn(f"{name} was left out: the attachments are too many or too large.")
        return None
    return name


def _body(bodies: list[Body], composer: Composer) -> Iterator[None]:
    for body in bodies:
        if body.html and (not body.plain or _is_richer(body.html, body.plain)):
            yield from composing(body.html, composer)
        else:
            for piece in cut([body.plain]):
                composer.block(piece)
                yield


def _is_richer(page: str, plain: str) -> bool:
    composer = Composer()
    compose(page, composer)
    read = composer.build(EML)
    return bool(read.layout.tables) or len(read.text.split()) > _RICHER * len(plain.split())
