"""What holds for blobs, wherever their bytes are and whatever counts their users."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from support.blob_stores import KINDS, Shelf, shelf

from footnote.platform.storage.errors import BlobNotFound, BlobVanished

LARGE = random.Random(1).randbytes(9_000_001)  # several parts or chunks, the last one of another size


@pytest.fixture(params=KINDS)
async def blobs(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shelf]:
    async with shelf(request.param, tmp_path, monkeypatch) as opened:
        yield opened


@pytest.mark.parametrize("content", [b"", b"words", LARGE], ids=["nothing", "words", "large"])
async def test_what_was_kept_is_read_back_in_every_way(blobs: Shelf, content: bytes) -> None:
    blob = await blobs.put(content)
    store = blobs.another().blobs
    assert (blob.sha256, blob.size) == (sha256(content).hexdigest(), len(content))
    assert await store.read("a", blob.sha256) == content
    assert b"".join([piece async for piece in store.pieces("a", blob.sha256)]) == content
    assert (await store.path("a", blob.sha256)).read_bytes() == content
    async with store.held("a", blob.sha256) as path:
        assert path.read_bytes() == content


async def test_staged_bytes_can_be_read_before_they_are_kept(blobs: Shelf) -> None:
    async with blobs.blobs.stage("a") as staged:
        await staged.write(b"words")
        assert (await staged.path()).read_bytes() == b"words"


async def test_bytes_that_are_not_kept_leave_no_file(blobs: Shelf) -> None:
    async with blobs.blobs.stage("a") as staged:
        await staged.write(b"words")
    assert [path for path in blobs.folder.rglob("incoming/*") if path.is_file()] == []


async def test_a_tenant_sees_only_its_own(blobs: Shelf) -> None:
    blob = await blobs.put(tenant="a")
    with pytest.raises(BlobNotFound):
        await blobs.blobs.read("b", blob.sha256)


async def test_bytes_stay_until_their_last_user_goes(blobs: Shelf) -> None:
    blob = await blobs.put()
    await blobs.put()
    assert (await blobs.drop(blob), await blobs.blobs.sweep()) == (False, 0)
    assert await blobs.blobs.read("a", blob.sha256) == b"words"
    assert (await blobs.drop(blob), await blobs.blobs.sweep()) == (True, 1)
    with pytest.raises(BlobNotFound):
        await blobs.blobs.read("a", blob.sha256)


async def test_what_was_swept_elsewhere_is_gone_although_it_was_read_here(blobs: Shelf) -> None:
    blob, other = await blobs.put(), blobs.another()
    assert await other.blobs.read("a", blob.sha256) == b"words"
    await blobs.drop(blob)
    await blobs.blobs.sweep()
    with pytest.raises(BlobNotFound):
        await other.blobs.path("a", blob.sha256)


async def test_a_sweep_between_writing_and_use_is_noticed(blobs: Shelf) -> None:
    await blobs.drop(await blobs.put())
    async with blobs.blobs.stage("a") as staged:
        await staged.write(b"words")
        blob = await staged.keep()
        await blobs.another().blobs.sweep()
        with pytest.raises(BlobVanished):
            await blobs.use(blob)
        await blobs.use(await staged.keep())
    assert await blobs.blobs.read("a", blob.sha256) == b"words"


async def test_a_transaction_that_failed_uses_nothing(blobs: Shelf) -> None:
    blob = await blobs.keep()
    with pytest.raises(ValueError, match="stop"):
        async with blobs.store.storage.transaction() as tx:
            await blobs.blobs.reference(tx, "a", blob)
            raise ValueError("stop")
    assert await blobs.store.ledger().used() == []


async def test_what_is_fresh_is_no_orphan(blobs: Shelf) -> None:
    blob = await blobs.keep()
    assert await blobs.blobs.sweep_orphans() == 0
    await blobs.use(blob)
    assert await blobs.blobs.read("a", blob.sha256) == b"words"


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_comes_between_what_is_used_is_never_lost(blobs: Shelf, seed: int) -> None:
    rng, used = random.Random(seed), Counter[bytes]()
    contents = [os.urandom(20) for _ in range(2)]
    shelves = [blobs, blobs.another()]

    async def live() -> None:
        for _ in range(6):
            content, at = rng.choice(contents), rng.choice(shelves)
            blob = await at.put(content)
            used[content] += 1
            await asyncio.sleep(rng.random() / 100)
            assert await rng.choice(shelves).blobs.read("a", blob.sha256) == content
            if rng.random() < 0.8:
                used[content] -= 1
                await at.drop(blob)
                await at.blobs.sweep()

    await asyncio.gather(*(live() for _ in range(4)))
    await asyncio.gather(*(each.blobs.sweep() for each in shelves))
    kept = {sha256(content).hexdigest() for content in contents if used[content]}
    assert {name for _, name in await blobs.store.ledger().used()} == kept
    assert {sha256(await blobs.another().blobs.read("a", name)).hexdigest() for name in kept} == kept
