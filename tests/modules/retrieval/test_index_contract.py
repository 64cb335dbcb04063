"""What every adapter of the chunk index does."""

import pytest

from footnote.modules.retrieval import Build, Passage, StaleFence


def names(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.document_id for passage in passages]


async def test_a_published_chunk_is_found_by_word_and_by_embedding(store):
    await store.add("d1", "the quick brown fox")
    assert names(await store.lexical("foxes")) == ["d1"]
