"""A store with something of everything, its export, and an empty store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.moving import exported, fill, parts

from footnote.config.moving.parts import Parts


@pytest.fixture
async def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Parts]:
    async with parts("folder-sqlite", tmp_path / "source", monkeypatch) as opened:
        yield opened


@pytest.fixture
async def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Parts]:
    async with parts("folder-sqlite", tmp_path / "target", monkeypatch) as opened:
        yield opened


@pytest.fixture
async def file(source: Parts, tmp_path: Path) -> Path:
    """An export of something of everything."""
    await fill(source.store)
    return await exported(source, tmp_path / "file")
