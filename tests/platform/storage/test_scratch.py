"""Scratch folders go away, those of dead processes too."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from footnote.platform.storage.scratch import Scratch

HOLD = """
import asyncio, pathlib, sys
from footnote.platform.storage.scratch import Scratch
async def hold():
    async with Scratch(pathlib.Path(sys.argv[1])).folder():
        print("held", flush=True)
        await asyncio.sleep(60)
asyncio.run(hold())
"""


def entries(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def held_folder(root: Path) -> "subprocess.Popen[bytes]":
    """A process that holds a folder, made to look old."""
    holder = subprocess.Popen([sys.executable, "-P", "-c", HOLD, str(root)], stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    for folder in root.iterdir():
        os.utime(folder, (0, 0))
    return holder


async def test_a_folder_is_gone_at_the_end(tmp_path: Path) -> None:
    async with Scratch(tmp_path).folder() as folder:
        (folder / "file").write_text("words")
    assert entries(tmp_path) == []


async def test_only_folders_of_dead_processes_are_swept(tmp_path: Path) -> None:
    holder = held_folder(tmp_path)
    assert await Scratch(tmp_path).sweep() == 0
    holder.kill()
    holder.communicate()
    assert (await Scratch(tmp_path).sweep(), entries(tmp_path)) == (1, [])


async def test_a_fresh_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert await Scratch(tmp_path).sweep() == 0


async def open_folder(scratch: Scratch) -> None:
    async with scratch.folder():
        pass


@pytest.mark.parametrize("turns", range(8))
async def test_who_is_cancelled_anywhere_leaves_neither_folder_nor_lock(tmp_path: Path, turns: int) -> None:
    descriptors = len(os.listdir("/proc/self/fd"))
    task = asyncio.create_task(open_folder(Scratch(tmp_path)))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    async with asyncio.timeout(5):
        while entries(tmp_path) or len(os.listdir("/proc/self/fd")) > descriptors:
            await asyncio.sleep(0.01)
