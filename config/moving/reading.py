"""An export read record by record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from footnote.config.moving.errors import ExportDamaged, ExportTooNew, ExportUnfinished, FileUnusable
from footnote.config.moving.frames import START, Frame, Place, read_frames
from footnote.config.moving.records import FORMAT, End, Head, Record, decoded, format_of

OnRead = Callable[[int], None]  # told the byte up to which the file was read


class Reader:
    """The records of a file that is whole, in order; `place` is the end of the last one."""

    def __init__(self, file: BinaryIO, path: Path, on_read: OnRead) -> None:
        self._file = file
        self._path = path
        self._on_read = on_read
        self._frame: Frame | None = None

    @property
    def place(self) -> Place:
        return START if self._frame is None else self._frame.end

    def damaged(self, reason: str) -> ExportDamaged:
        """The error that the last record is wrong."""
        return ExportDamaged(self._path, 0 if self._frame is None else self._frame.begin, reason)

    def __iter__(self) -> Iterator[Record]:
        self._file.seek(0)
        last: Record | None = None
        for frame in read_frames(self._file, self._path):
            self._frame = frame
            if last is None:
                self._check_format(frame)
            if isinstance(last, End):
                raise self.damaged("something follows its end")
            last = self._decoded(frame)
            self._on_read(frame.end.byte)
            yield last
        if not isinstance(last, End):
            raise ExportUnfinished(self._path, self.place.byte)

    def _check_format(self, frame: Frame) -> None:
        found = format_of(frame.payload)
        if found is None:
            raise self.damaged("it does not begin with its format")
        if found > FORMAT:
            raise ExportTooNew(self._path, found, FORMAT)

    def _decoded(self, frame: Frame) -> Record:
        try:
            record: Record = decoded(frame.payload)
        except msgspec.MsgspecError as error:
            raise self.damaged(f"a record of this format is not like that ({error})") from error
        if (frame.begin == START.byte) != isinstance(record, Head):
            raise self.damaged("a head stands at the beginning, and only there")
        return record


@contextmanager
def opened(path: Path, on_read: OnRead) -> Iterator[Reader]:
    """
    Raises:
        FileUnusable: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield Reader(file, path, on_read)
    except OSError as error:
        raise FileUnusable(path, error) from error
