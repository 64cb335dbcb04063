"""ZIP archives as folders of documents: the text lists the members, which become documents of their own."""

import errno
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.enclosures import Enclosures, TooMuch, safe_name
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected
from footnote.modules.ingestion.extraction.kinds import ZIP
from footnote.modules.ingestion.models import Extraction

_CHUNK = 1 << 20
_RATIO = 400  # times its packed size; text reaches about 100, zeros 1032
_NEVER_A_BOMB = 64 << 20  # bytes unpacked
_OF_THE_SYSTEM = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_LOCKED = 0x1  # flag of a member
_IS_UTF_8 = 0x800
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError)


class _Bomb(Exception):
    """A member that unpacks to far more than any file that somebody wrote."""


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    try:
        archive = zipfile.ZipFile(path)
    except (*_DAMAGE, NotImplementedError, zipfile.LargeZipFile) as error:
        raise DamagedFile(f"The archive is damaged or cut short ({error}). Pack it anew and upload that.") from error
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if members and all(member.flag_bits & _LOCKED for member in members):
            raise PasswordProtected("The archive asks for a password. Unpack it and upload the files in it.")
        yield from _Folder(archive, context).read(members)


class _Folder:
    def __init__(self, archive: zipfile.ZipFile, context: Context) -> None:
        self._archive = archive
        self._context = context
        self._composer = Composer()
        self._enclosures = Enclosures(context)
        self._hidden = 0

    def read(self, members: list[zipfile.ZipInfo]) -> Iterator[Extraction]:
        for number, member in enumerate(members):
            self._context.report(number, len(members))
            name = safe_name(_name(member))
            if _is_hidden(name):
                self._hidden += 1
                continue
            self._composer.block(f"- {name} ({_size(member.file_size)})", "list_item")
            if fault := self._fault(member, name):
                self._enclosures.warn(f"{name} was left out: {fault}.")
            if self._composer.is_full:
                yield self._composer.build(ZIP, attachments=self._enclosures.taken())
        if self._hidden:
            self._enclosures.warn(f"{self._hidden} hidden files were left out.")
        yield self._composer.build(ZIP, warnings=self._enclosures.warnings, attachments=self._enclosures.taken())

    def _fault(self, member: zipfile.ZipInfo, name: str) -> str | None:
        """Saves a member, or says why not."""
        if stat.S_ISLNK(member.external_attr >> 16):
            return "it is a link to another place"
        if member.flag_bits & _LOCKED:
            return "it asks for a password"
        if not member.file_size:
            return "it is empty"
        try:
            self._enclosures.save(name, self._unpacked(member))
        except TooMuch:
            return "there are too many files" if self._enclosures.is_full else "all in all, too much is packed in here"
        except _Bomb:
            return "it unpacks to so much more than its size that it is taken for an attack"
        except NotImplementedError:
            return "it is packed in a way that is not supported"
        except _DAMAGE:
            return "it is damaged"
        except OSError as error:
            if error.errno not in (None, errno.EINVAL):  # of the disk, not of what is read
                raise
            return "it is damaged"
        return None

    def _unpacked(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        limit = max(_NEVER_A_BOMB, member.compress_size * _RATIO)
        with self._archive.open(member) as file:
            while piece := file.read(_CHUNK):
                limit -= len(piece)
                if limit < 0:
                    raise _Bomb
                yield piece


def _name(member: zipfile.ZipInfo) -> str:
    """Many programs write UTF-8 without saying so."""
    if member.flag_bits & _IS_UTF_8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode()
    except UnicodeError:
        return member.filename


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part.lower() in _OF_THE_SYSTEM for part in name.split("/"))


def _size(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    kilobytes = size / 1000
    return f"{kilobytes:,.0f} kB" if kilobytes < 1000 else f"{kilobytes / 1000:,.1f} MB"
