"""Copies a file into a store of blobs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from footnote.platform.storage import StagedBlob

PIECE = 1 << 20  # bytes


async def fill(staged: StagedBlob, path: Path) -> None:
    """Copy the file at `path`."""
    async for piece in pieces(path):
        await staged.write(piece)


async def pieces(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
