"""Both lists from one answer of `$rankFusion`, in the form that is documented."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from support.atlas_grammar import check_pipeline

from footnote.modules.retrieval.repository.mongo_fusion import FusedChunks
from footnote.modules.retrieval.repository.mongo_queries import (
    IndexOptions,
    NearChunks,
    Proposed,
    SearchedWords,
    findable_scope,
)
from footnote.modules.retrieval.repository.search_indexes import TextIndex, VectorIndex
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")
EAST = np.array([1, 0, 0, 0], np.float32)


class AnsweringDatabase:
    """Stands for a server that fuses: there is none where these tests run."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = rows
        self.asked: list[Any] = []

    def collection(self, name: str) -> "AnsweringDatabase":
        return self

    async def aggregate(self, pipeline: Any, **options: Any) -> Sequence[Mapping[str, Any]]:
        self.asked.append(pipeline)
        return self._rows


def row(name: str, **lists: tuple[int, float] | None) -> dict[str, Any]:
    """A fused hit; of a list that lacks it the server says rank `NA`."""
    places = [(name, place or ("NA", None)) for name, place in lists.items()]
    details = [{"inputPipelineName": name, "rank": rank, "value": score} for name, (rank, score) in places]
    return {"_id": name, "document_id": name, "build": "b", "start": 0, "score": 0.5, "details": {"details": details}}


async def fused(database: Any, text: str) -> tuple[list[Proposed], list[Proposed]]:
    near = NearChunks(database, VectorIndex(embedding="test", dimension=4), IndexOptions(), is_exact=False)
    words = SearchedWords(database, TextIndex(languages=("en",)))
    scope = findable_scope(ANN, None, [])
    assert scope is not None
    return await FusedChunks(database, near, words)(scope, EAST, text, 10)


async def test_each_list_has_what_the_server_found_for_it_with_its_own_scores() -> None:
    both, only_near = row("both", dense=(2, 0.8), lexical=(1, 3.5)), row("near", dense=(1, 0.95), lexical=None)
    dense, lexical = await fused(AnsweringDatabase([both, only_near]), "fox")
    assert [(each.hit.document_id, each.hit.score) for each in dense] == [("both", 0.6), ("near", 0.9)]
    assert [(each.hit.document_id, each.hit.score) for each in lexical] == [("both", 3.5)]


async def test_the_server_is_asked_once_in_the_documented_grammar() -> None:
    database = AnsweringDatabase([])
    await fused(database, "the fox")
    [pipeline] = database.asked
    check_pipeline(pipeline)
