"""The token embeddings of chunks are written with them, and looked at when hits are ranked."""

from collections.abc import Sequence

import numpy as np
import pytest
from support.shelf import ANN, EAST, MODEL, Shelf, chunks_of

from footnote.modules.retrieval.ranking.late import encoded
from footnote.modules.retrieval.repository import Probe, Ranked, Stored
from footnote.modules.retrieval.repository.hits import Both
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings

TOKENS = np.random.default_rng(3).standard_normal((2, 5, 16)).astype(np.float32)


@pytest.fixture
def store(either_store: Shelf) -> Shelf:
    return either_store


async def written(store: Shelf, tokens: Sequence[Embeddings] | None) -> None:
    build = store.build("d1")
    async with store.store.storage.transaction() as tx:
        rows = np.array([EAST, EAST], np.float32)
        await store.index.write(tx, build, "", chunks_of(["fox", "dog"]), rows, tokens)
    await store.publish(build, store.card("d1"))


async def seen(store: Shelf, space: str = MODEL) -> list[bytes | None]:
    """The codes of all hits in reading order."""
    found: list[bytes | None] = []

    def rank(both: Both, stored: Stored | None = None) -> list[Ranked]:
        assert stored is not None
        assert stored.tokens is not None
        found.extend(stored.tokens(both.hits.keys[both.hits.starts.argsort()].tolist()))
        return []

    probe = Probe(embedding=np.array(EAST, np.float32), text=None, filter=None, depth=10, space=space)
    await store.index.search(ANN, probe, rank, Stages())
    return found


async def test_each_chunk_has_the_codes_of_its_tokens(store: Shelf) -> None:
    await written(store, [*TOKENS])
    assert await seen(store) == [encoded(tokens) for tokens in TOKENS]


async def test_chunks_of_a_model_without_token_embeddings_have_none(store: Shelf) -> None:
    await written(store, None)
    assert await seen(store) == [None, None]


async def test_the_codes_go_with_their_chunks(store: Shelf) -> None:
    await written(store, [*TOKENS])
    await store.remove("d1")
    await written(store, None)
    assert await seen(store) == [None, None]


async def test_another_model_that_embeds_them_gives_its_own_codes(store: Shelf) -> None:
    await written(store, None)
    spaces = store.store.spaces()
    await spaces.begin(MODEL, 4)
    other = await spaces.begin("test:other", 4)
    await spaces.prepare(other)
    bare = await spaces.bare(other, None, 10)
    async with store.store.storage.transaction() as tx:
        await spaces.fill(tx, other, bare, np.array([EAST, EAST], np.float32), [*TOKENS])
    assert await seen(store) == [None, None]
    assert await seen(store, "test:other") == [encoded(tokens) for tokens in TOKENS]
