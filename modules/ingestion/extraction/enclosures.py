"""Files inside a file, saved to become documents of their own; their names may be meant to do harm."""

import re
import unicodedata
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.models import Attachment

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, marks of direction, halves of characters
_DRIVE = re.compile(r"^[A-Za-z]:")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")
_MAX_NAME, _MAX_FOLDERS = 150, 20  # characters of one name, and how many of them
_MAX_WARNINGS = 50


class TooMuch(Exception):
    """There is no room left for what is being saved."""


class Enclosures:
    """What was saved so far, and what was not and why."""

    def __init__(self, context: Context) -> None:
        self._scratch = context.scratch
        self._options = context.options
        self._left = context.options.max_unpacked_bytes
        self._names: set[str] = set()
        self._count = 0
        self._saved: list[Attachment] = []
        self._warnings: list[str] = []
        self._unsaid = 0

    @property
    def is_full(self) -> bool:
        return self._count >= self._options.max_attachments

    def save(self, name: str, content: Iterable[bytes]) -> None:
        """Keeps a file whose `name`, with `/` between folders, is safe.

        Raises:
            TooMuch: It is one too many, or too large; nothing of it is kept.
        """
        if self.is_full:
            raise TooMuch
        path = self._scratch / f"{self._count:06}{_suffix(name)}"
        try:
            with path.open("xb") as file:
                for piece in content:
                    self._left -= len(piece)
                    if self._left < 0:
                        raise TooMuch
                    file.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self._count += 1
        self._saved.append(Attachment(name=self._distinct(name), path=str(path)))

    def warn(self, warning: str) -> None:
        if len(self._warnings) < _MAX_WARNINGS:
            self._warnings.append(warning)
        else:
            self._unsaid += 1

    def taken(self) -> tuple[Attachment, ...]:
        """Those saved since the last time."""
        saved, self._saved = tuple(self._saved), []
        return saved

    @property
    def warnings(self) -> tuple[str, ...]:
        more = (f"{self._unsaid} more files were left out.",) if self._unsaid else ()
        return (*self._warnings, *more)

    def _distinct(self, name: str) -> str:
        path, number = PurePosixPath(name), 2
        while name in self._names:
            name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
            number += 1
        self._names.add(name)
        return name


def safe_name(name: str) -> str:
    """`name` as a relative path that stays below its folder and shows what it is; `unnamed` if nothing is left."""
    shown = "".join(character for character in name if unicodedata.category(character) not in _UNSEEN)
    name = _DRIVE.sub("", shown.replace("\\", "/"))
    folders = [shortened(part.strip()) for part in name.split("/") if part.strip(" .")]
    return "/".join(folders[-_MAX_FOLDERS:]) or "unnamed"


def shortened(name: str) -> str:
    """At most 150 characters, the suffix kept; cut names stay different from each other."""
    if len(name) <= _MAX_NAME:
        return name
    suffix = _suffix(name)
    mark = f"~{zlib.crc32(name.encode()):08x}"
    return name[: _MAX_NAME - len(suffix) - len(mark)] + mark + suffix


def _suffix(name: str) -> str:
    suffix = Path(name).suffix
    return suffix if _SUFFIX.fullmatch(suffix) else ""
