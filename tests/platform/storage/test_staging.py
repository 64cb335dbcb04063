"""Files that are on their way in."""

import asyncio
from pathlib import Path

from footnote.platform.storage.staging import opened


def open_files() -> set[Path]:
    return {each.resolve() for each in Path("/proc/self/fd").iterdir()}


async def test_a_file_whose_opener_was_cancelled_is_closed(tmp_path: Path) -> None:
    opening = asyncio.create_task(opened(tmp_path / "new", "xb"))
    await asyncio.sleep(0)
    opening.cancel()
    await asyncio.wait([opening])
    while not (tmp_path / "new").exists() or tmp_path / "new" in open_files():
        await asyncio.sleep(0.01)
    assert opening.cancelled()
