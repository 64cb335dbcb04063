"""Runs footnote, and disturbs it at one named commit point.

    python disturbed.py kill:POINT:WHEN:NUMBER footnote-arguments...   kills itself; WHEN is `before` or `after`
    python disturbed.py fill:POINT:FILE footnote-arguments...          fills the disk with FILE, before, once
    python disturbed.py record:FILE footnote-arguments...              appends the name of each point to FILE
    python disturbed.py calm footnote-arguments...

A commit point is the function that commits a transaction or makes bytes durable, by its qualified name.
"""

import inspect
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.sqlite import SqliteDatabase
from footnote.platform.storage.staging import StagedFile

PassBy = Callable[[str, str], None]  # the point, and before or after


def action(spelled: str) -> PassBy:
    match spelled.split(":"):
        case ["kill", point, when, number]:
            return killer(point, when, int(number))
        case ["fill", point, file]:
            return filler(point, Path(file))
        case ["record", file]:
            return recorder(Path(file))
    return lambda point, when: None


def killer(point: str, when: str, number: int) -> PassBy:
    passed: Counter[tuple[str, str]] = Counter()

    def kill(here: str, now: str) -> None:
        passed[here, now] += 1
        if (here, now) == (point, when) and passed[here, now] == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def filler(point: str, file: Path) -> PassBy:
    def fill(here: str, now: str) -> None:
        mark = file.with_suffix(".mark")
        if (here, now) == (point, "before") and not mark.exists():
            mark.touch()
            fill_disk(file)

    return fill


def fill_disk(file: Path) -> None:
    with file.open("wb", buffering=0) as opened:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while opened.write(bytes(size)):
                    pass
            except OSError:
                continue


def recorder(file: Path) -> PassBy:
    def record(here: str, now: str) -> None:
        if now == "after":
            with file.open("a") as opened:
                opened.write(here + "\n")

    return record


def caller() -> str:
    """The function of footnote's own, outside the store, that is at work."""
    for frame in inspect.stack()[2:]:
        module = frame.frame.f_globals.get("__name__", "")
        if module.startswith("footnote.") and not module.startswith("footnote.platform.storage"):
            return frame.frame.f_code.co_qualname
    return "unknown"


def install(pass_by: PassBy) -> None:
    watch(SqliteDatabase, pass_by)
    watch(MongoDatabase, pass_by)
    keep = StagedFile.keep

    async def kept(staged: Any) -> Any:
        name = f"keep in {caller()}"
        pass_by(name, "before")
        blob = await keep(staged)
        pass_by(name, "after")
        return blob

    StagedFile.keep = kept  # type: ignore[method-assign]


def watch(database: type[SqliteDatabase] | type[MongoDatabase], pass_by: PassBy) -> None:
    transaction: Any = database.transaction

    @asynccontextmanager
    async def watched(opened: Any) -> AsyncIterator[Any]:
        name = caller()
        async with transaction(opened) as tx:
            yield tx
            pass_by(name, "before")
        pass_by(name, "after")

    database.transaction = watched  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    install(action(sys.argv[1]))
    from footnote.config.main import main

    main(sys.argv[2:])
