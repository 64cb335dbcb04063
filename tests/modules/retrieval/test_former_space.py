"""Searches that began before another embedding model took over."""

from pathlib import Path

import numpy as np
import pytest
from support.shelf import DIMENSION, MODEL, opened_shelf
from support.stores import sqlite_store

from footnote.modules.retrieval.fusion import single
from footnote.modules.retrieval.repository import Probe
from footnote.modules.retrieval.repository.memory.loading import Space
from footnote.modules.retrieval.repository.memory.view import PublishedIndex
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.modules.retrieval.stages import Stages
from footnote.platform.principal import LOCAL


async def search(index: SqliteIndex, space: str) -> None:
    embedding = np.eye(DIMENSION, dtype=np.float32)[0]
    probe = Probe(filter=None, embedding=embedding, text=None, depth=1, space=space)
    await index.search(LOCAL, probe, single(1), Stages())


async def test_they_do_not_have_the_index_loaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def counted(self: SqliteIndex, space: Space) -> PublishedIndex:
        opened.append(space.name)
        return PublishedIndex(space)

    monkeypatch.setattr(SqliteIndex, "_index_of", counted)
    async with sqlite_store(tmp_path) as store, opened_shelf(store):
        index = SqliteIndex(store.database, embedding=MODEL, dimension=DIMENSION)
        for space in (MODEL, "new:model", MODEL, "new:model", MODEL):
            await search(index, space)
        assert opened[-2:] == [MODEL, "new:model"]
        await index.sweep()
        await search(index, "new:model")
        assert opened[-2:] == [MODEL, "new:model"]
