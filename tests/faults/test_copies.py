"""Copies in GridFS over a link that fails: whole or not at all, and soon."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.fault_proxy import Cut, Delay, FaultProxy, Swallow

from footnote.platform.storage.errors import StoreUnavailable
from footnote.platform.storage.gridfs import GridCopies
from footnote.platform.storage.mongo import MongoDatabase

BYTES = bytes(range(256)) * 4096  # four chunks of GridFS and a part


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (path := tmp_path / "file").write_bytes(BYTES)
    return path


async def joined(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


@pytest.mark.parametrize("on", ["requests", "replies"])
async def test_a_copy_whose_connection_breaks_is_written_all_the_same(
    proxy: FaultProxy, database: MongoDatabase, file: Path, on: str
) -> None:
    proxy.add(Delay(0), on=on, commands=["insert"], times=1)  # type: ignore[arg-type]
    proxy.add(Cut(after=100), on=on, commands=["insert"], times=1)  # type: ignore[arg-type]
    copies = GridCopies(database)
    await copies.put("1/a", file)
    assert await joined(copies.get("1/a", len(BYTES))) == BYTES
    assert [name async for name in copies.names()] == ["1/a"]


async def test_a_copy_that_cannot_be_written_is_known_as_begun(
    proxy: FaultProxy, database: MongoDatabase, beside: MongoDatabase, file: Path
) -> None:
    silent = proxy.add(Swallow(), on="requests", commands=["insert"], times=0)
    copies = GridCopies(database)
    await copies.put("1/a", file)
    silent.left = float("inf")
    with pytest.raises(StoreUnavailable, match="took too long"):
        await copies.put("1/b", file)
    proxy.mend()
    await copies.put("1/c", file)
    assert {name async for name in GridCopies(beside).names()} >= {"1/a", "1/c"}


@pytest.mark.parametrize("action", [Cut(after=1000), Swallow()])
async def test_a_copy_is_read_whole_or_not_at_all(
    proxy: FaultProxy, database: MongoDatabase, file: Path, action: Cut | Swallow
) -> None:
    copies = GridCopies(database)
    await copies.put("1/a", file)
    proxy.add(action, commands=["find", "getMore"])
    with pytest.raises(StoreUnavailable):
        await joined(copies.get("1/a", len(BYTES)))
    proxy.mend()
    assert await joined(copies.get("1/a", len(BYTES))) == BYTES
