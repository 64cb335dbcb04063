"""Real embeddings: what is nearest in MongoDB is what is nearest in the embedded store."""

from collections.abc import AsyncIterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from support.shelf import ANN, Shelf, chunks_of
from support.stores import Store, mongo_store, sqlite_store

from footnote.modules.evaluation.datasets import read_corpus, read_queries
from footnote.modules.retrieval import Passage
from footnote.modules.retrieval.fusion import single
from footnote.modules.retrieval.repository import IndexRepository, Probe
from footnote.modules.retrieval.stages import Stages
from footnote.platform.inference import Embeddings
from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.storage.again import again_on_conflict

DOCUMENTS = 300
QUERIES = 40
TOGETHER = 25  # documents of one transaction


class Corpus(NamedTuple):
    texts: dict[str, str]  # by document id
    embeddings: Embeddings  # [documents, dimension]
    queries: Embeddings
    model: str


@pytest.fixture
async def cranfield(shared_data: Path, built_models: Path) -> AsyncIterator[Corpus]:
    folder = shared_data / "retrieval" / "cranfield"
    documents = islice((each for each in read_corpus(folder) if not each.is_empty), DOCUMENTS)
    texts = {each.doc_id: str(each.content) for each in documents}
    queries = [query.text for query in read_queries(folder / "queries.jsonl", QUERIES)]
    embedder = LocalEmbedder(built_models)
    yield Corpus(
        texts,
        await embedder.embed(list(texts.values()), kind="document"),
        await embedder.embed(queries, kind="query"),
        embedder.name,
    )
    await embedder.close()


async def test_the_nearest_documents_of_cranfield_are_the_same_in_the_same_order(
    cranfield: Corpus, tmp_path: Path
) -> None:
    async with sqlite_store(tmp_path) as embedded, mongo_store() as shared:
        expected = await nearest(embedded, cranfield)
        found = await nearest(shared, cranfield)
    for mine, theirs in zip(found, expected, strict=True):
        assert [passage.id for passage in mine] == [passage.id for passage in theirs]
        assert [passage.score for passage in mine] == pytest.approx([passage.score for passage in theirs], abs=2e-6)


async def nearest(store: Store, corpus: Corpus) -> list[tuple[Passage, ...]]:
    index = store.index(embedding=corpus.model, dimension=corpus.embeddings.shape[1])
    rows = list(zip(corpus.texts.items(), corpus.embeddings, strict=True))
    for first in range(0, len(rows), TOGETHER):
        await fill(store, index, corpus.model, rows[first : first + TOGETHER])
    probes = [Probe(embedding=query, text=None, filter=None, depth=100) for query in corpus.queries]
    return [await index.search(ANN, probe, single(100), Stages()) for probe in probes]


@again_on_conflict
async def fill(
    store: Store, index: IndexRepository, model: str, rows: Sequence[tuple[tuple[str, str], np.ndarray]]
) -> None:
    async with store.storage.transaction() as tx:
        for (document_id, text), embedding in rows:
            build = Shelf.build(document_id, embedding=model)
            await index.write(tx, build, "", chunks_of([text]), embedding[None])
            await index.publish(tx, build, Shelf.card(document_id), 1)
