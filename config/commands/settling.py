"""Files that change, until they have stayed as they are for a while."""

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """What differs once a file was written."""

    size: int  # bytes
    modified: int  # nanoseconds
    inode: int


def stamp_of(path: Path) -> Stamp | None:
    """None for what is not, or no longer, a file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino) if stat.S_ISREG(found.st_mode) else None


class Settling:
    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        """A file has settled once its stamp was the same for so long."""
        self._seconds = seconds
        self._clock = clock
        self._since: dict[Path, tuple[Stamp | None, float]] = {}

    def changed(self, path: Path) -> None:
        """Wait for it from now on."""
        self._since[path] = (stamp_of(path), self._clock())

    def found(self, path: Path, stamp: Stamp) -> None:
        """Wait for it from its last modification on, which may be long ago."""
        age = max(0.0, time.time() - stamp.modified / 1e9)
        self._since.setdefault(path, (stamp, self._clock() - age))

    def put_off(self, path: Path, seconds: float) -> None:
        """Wait for it so long, and then as after a change."""
        self._since[path] = (stamp_of(path), self._clock() + seconds)

    @property
    def waiting(self) -> list[Path]:
        return list(self._since)

    def settled(self) -> list[Path]:
        """Those that have settled since the last call; what has vanished is forgotten."""
        return [path for path in list(self._since) if self._has_settled(path)]

    def _has_settled(self, path: Path) -> bool:
        before, since = self._since[path]
        now = stamp_of(path)
        if now is None:
            del self._since[path]
            return False
        if now != before:
            self._since[path] = (now, max(self._clock(), since))
            return False
        if self._clock() - since < self._seconds:
            return False
        del self._since[path]
        return True
