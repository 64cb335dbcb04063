"""The data folder."""

import asyncio
from pathlib import Path

from footnote.platform.errors import Unavailable
from footnote.platform.storage.folder import free_bytes

LEAST_ROOM = 4 << 20  # bytes: with less, hardly anything can be written


class HomeUnusable(Unavailable):
    title = "The data folder cannot be used"

    def __init__(self, home: Path, reason: str) -> None:
        super().__init__(f"{home}: {reason}. Make room, or set FOOTNOTE_HOME to a folder that can be written to.")


async def prepared_home(home: str) -> Path:
    """The data folder, made if it is not there.

    Raises:
        HomeUnusable: It cannot be made.
    """
    path = Path(home)
    try:
        await asyncio.to_thread(path.mkdir, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeUnusable(path, error.strerror or str(error)) from error
    return path


async def check_room(home: Path) -> None:
    """
    Raises:
        HomeUnusable: The disk is full.
    """
    if await asyncio.to_thread(free_bytes, home) < LEAST_ROOM:
        raise HomeUnusable(home, "the disk is full")
