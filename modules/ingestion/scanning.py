"""Uploads shown to a virus scanner before they are kept."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

from footnote.platform.errors import Invalid, TooLarge, Unavailable
from footnote.platform.storage.errors import StoreUnavailable

PIECE = 1 << 18  # bytes
LENGTH = 4  # bytes of the number before each piece, most significant first
LONGEST_REPLY = 4_096  # bytes
CLEAN = "stream: OK"
ALIVE = "PONG"
SECONDS = 300.0  # for one file: connection, sending and verdict

Connect = Callable[..., Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[str]]


class InfectedFile(Invalid):
    type = "/problems/infected-file"
    title = "The virus scanner objects to the file"

    def __init__(self, signature: str) -> None:
        super().__init__(f"It reports {signature}. The file was not kept.", signature=signature)


class TooLargeToScan(TooLarge):
    type = "/problems/too-large-to-scan"
    title = "Too large for the virus scanner"

    def __init__(self) -> None:
        super().__init__("It was not kept, since it cannot be scanned; StreamMaxLength in clamd.conf sets the limit.")


class ScannerUnavailable(Unavailable):
    type = "/problems/virus-scanner-unavailable"
    title = "The virus scanner does not answer"

    def __init__(self, reason: str) -> None:
        super().__init__(f"No file is kept unscanned, and the scanner {reason}. Try again later.", reason=reason)


class VirusScanner(Protocol):
    async def scan(self, path: Path) -> None:
        """Return if nothing is found in the file.

        Raises:
            InfectedFile: Something is.
            TooLargeToScan: The scanner takes only smaller files.
            ScannerUnavailable: It gave no verdict.
        """
        ...

    async def check(self) -> None:
        """
        Raises:
            ScannerUnavailable: It does not answer.
        """
        ...


def open_scanner(address: str, *, seconds: float = SECONDS) -> VirusScanner:
    """`tcp://host:port`, `unix:/path`, or empty for none; connections are made for each file."""
    if not address:
        return NoScanner()
    if address.startswith("unix:"):
        return ClamdScanner(partial(asyncio.open_unix_connection, address.removeprefix("unix:")), seconds=seconds)
    parts = urlsplit(address)
    return ClamdScanner(partial(asyncio.open_connection, parts.hostname, parts.port), seconds=seconds)


class NoScanner:
    async def scan(self, path: Path) -> None:
        """Every file passes."""

    async def check(self) -> None:
        """There is nothing to fail."""


class ClamdScanner:
    """ClamAV's daemon, asked with INSTREAM: it need not be able to read our files, nor run on this machine."""

    def __init__(self, connect: Connect, *, seconds: float) -> None:
        self._connect = connect
        self._seconds = seconds

    async def scan(self, path: Path) -> None:
        file = await opened(path)
        try:
            judge(await self._ask(partial(converse, file)))
        finally:
            file.close()

    async def check(self) -> None:
        reply = await self._ask(ping)
        if reply != ALIVE:
            raise ScannerUnavailable(f"answers {reply[:200]!r}")

    async def _ask(self, talk: Talk) -> str:
        """The daemon's reply in a connection of its own."""
        try:
            async with asyncio.timeout(self._seconds):
                reader, writer = await self._connect(limit=LONGEST_REPLY)
                try:
                    return await talk(reader, writer)
                finally:
                    writer.transport.abort()  # whatever is still to be sent, nobody waits for it
        except TimeoutError:
            raise ScannerUnavailable(f"gave no answer in {self._seconds:g} seconds") from None
        except (OSError, UnicodeError) as error:
            raise ScannerUnavailable("cannot be reached, or broke off") from error


async def ping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    writer.write(b"zPING\0")
    return await read_reply(reader)


async def converse(file: BinaryIO, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    """The daemon's reply; it may come, and the connection end, before the file was sent."""
    reply = asyncio.create_task(read_reply(reader))
    sending = asyncio.create_task(send(file, writer))
    try:
        await asyncio.wait({reply, sending}, return_when=asyncio.FIRST_COMPLETED)
        is_sent = sending.done() and sending.exception() is None
        if sending.done() and isinstance(error := sending.exception(), StoreUnavailable):
            raise error
        text = await reply
        if text == CLEAN and not is_sent:
            raise ScannerUnavailable("gave a verdict before it had seen the whole file")
        return text
    finally:
        reply.cancel()
        sending.cancel()
        await asyncio.gather(reply, sending, return_exceptions=True)


async def send(file: BinaryIO, writer: asyncio.StreamWriter) -> None:
    writer.write(b"zINSTREAM\0")
    while piece := await next_piece(file):
        writer.write(len(piece).to_bytes(LENGTH) + piece)
        await writer.drain()
    writer.write(bytes(LENGTH))
    await writer.drain()


async def read_reply(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\0"))[:-1].decode(errors="replace").strip()
    except asyncio.IncompleteReadError:
        raise ScannerUnavailable("ended the conversation without an answer") from None
    except asyncio.LimitOverrunError:
        raise ScannerUnavailable("does not answer as ClamAV does") from None


def judge(reply: str) -> None:
    """
    Raises:
        InfectedFile, TooLargeToScan, ScannerUnavailable: It is anything but clean.
    """
    if reply == CLEAN:
        return
    if reply.startswith("stream: ") and reply.endswith(" FOUND"):
        raise InfectedFile(reply.removeprefix("stream: ").removesuffix(" FOUND")[:200])
    if "size limit exceeded" in reply:
        raise TooLargeToScan
    raise ScannerUnavailable(f"answers {reply[:200]!r}")


async def opened(path: Path) -> BinaryIO:
    try:
        return await asyncio.to_thread(path.open, "rb")
    except OSError as error:
        raise StoreUnavailable(error.strerror or str(error)) from error


async def next_piece(file: BinaryIO) -> bytes:
    try:
        return await asyncio.to_thread(file.read, PIECE)
    except OSError as error:
        raise StoreUnavailable(error.strerror or str(error)) from error
