"""The stages of MongoDB's search, against the documented grammar, and on a server as far as it has them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from bson.binary import Binary, BinaryVectorDtype
from support.atlas_grammar import check_clause, check_pipeline, holds_for
from support.stores import mongo_database

from footnote.modules.retrieval.filters import parse_filter
from footnote.modules.retrieval.repository.atlas_pipelines import (
    ANALYZERS,
    CLAUSES_OF_FILTERS,
    MOST_CANDIDATES,
    MOST_CLAUSES,
    Placed,
    cosine,
    dense,
    lexical,
    most_words,
    placed,
    rank_fusion,
    reranked,
    score_fusion,
)
from footnote.modules.retrieval.repository.mongo_filters import findable, findable_clauses
from footnote.modules.retrieval.repository.search_indexes import VectorIndex, ensure
from footnote.platform.principal import Principal
from footnote.platform.storage.mongo import MongoDatabase

ANN = Principal(tenant="acme", subject="ann")
INDEX = VectorIndex(embedding="test:letters", dimension=2)
EAST = Binary.from_vector([1.0, 0.0], BinaryVectorDtype.FLOAT32)
ADMITTED = parse_filter({"not": {"language": {"in": ["de", "fr"]}}, "created_at": {"gte": "2024-01-01"}}, {})


def nearest(**changes: Any) -> list[dict[str, Any]]:
    where = findable(ANN, ADMITTED, embedding="test:letters") or {}
    return dense(INDEX.name, EAST, where, **{"path": INDEX.path, "depth": 1000, **changes})


def worded(*languages: str) -> list[dict[str, Any]]:
    return lexical("words", "red fox", findable_clauses(ANN, ADMITTED) or [], languages=languages, depth=1000)


@pytest.mark.parametrize(
    "pipeline",
    [
        nearest(),
        nearest(exact=True),
        nearest(depth=3),
        nearest(depth=3, candidates=1),
        nearest(depth=50_000),
        worded(),
        worded("en", "de"),
        rank_fusion(nearest(), worded("en"), depth=10),
        score_fusion(nearest(), worded("en"), dense_weight=0.5, depth=10),
        [*nearest(), *reranked("red fox", depth=50, model="rerank-2.5")],
    ],
    ids=str,
)
def test_every_pipeline_is_of_the_documented_grammar(pipeline: list[dict[str, Any]]) -> None:
    check_pipeline(pipeline)


def test_an_approximate_search_looks_at_twenty_candidates_for_each_hit() -> None:
    stage = nearest(depth=10)[0]["$vectorSearch"]
    assert (stage["limit"], stage["numCandidates"]) == (10, 200)
    assert nearest(depth=1000)[0]["$vectorSearch"]["numCandidates"] == MOST_CANDIDATES


@pytest.mark.parametrize("count", [0, 1, 5, len(ANALYZERS)])
def test_the_words_of_a_question_make_no_more_clauses_than_lucene_takes(count: int) -> None:
    words = ["fox"] * most_words(count)
    stage = lexical("words", " ".join(words), [], languages=[*ANALYZERS][:count], depth=9)[0]
    assert 0 < str(stage).count("fox") <= MOST_CLAUSES - CLAUSES_OF_FILTERS


@pytest.mark.parametrize(
    ("language", "branches"), [("en", ["in_en"]), ("de", ["in_de"]), ("ja", [None]), (None, [None])]
)
def test_a_chunk_is_scored_once_in_its_own_language(language: str | None, branches: list[str | None]) -> None:
    should = worded("en", "de")[0]["$search"]["compound"]["should"]
    chunk = {"tenant": "acme", "language": language}
    taken = [branch["compound"] for branch in should if holds_for({"compound": unscored(branch["compound"])}, chunk)]
    paths = [branch["must"][0]["compound"]["should"][0]["text"]["path"] for branch in taken]
    assert [path["multi"] if isinstance(path, dict) else None for path in paths] == branches


def unscored(compound: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in compound.items() if key in ("filter", "mustNot")}


def test_the_header_weighs_more_than_the_text() -> None:
    [branch] = worded()[0]["$search"]["compound"]["should"]
    text, header = branch["compound"]["must"][0]["compound"]["should"]
    assert "score" not in text["text"]
    assert header["text"]["path"] == "header"
    assert header["text"]["score"]["boost"]["value"] > 1


def test_parents_are_not_found_by_their_words() -> None:
    *_, children = worded()[0]["$search"]["compound"]["filter"]
    check_clause(children)
    assert [holds_for(children, {"kind": kind}) for kind in ("child", "table", "parent")] == [True, True, False]


def test_every_analyzer_is_one_of_lucenes() -> None:
    assert {"english", "german", "french", "japanese"} <= set(ANALYZERS.values())
    assert all(len(code) == 2 for code in ANALYZERS)


def test_a_fused_hit_says_where_each_list_had_it() -> None:
    ranks = {"details": [{"inputPipelineName": "dense", "rank": 2, "value": 0.8}]}
    scores = {"details": [{"inputPipelineName": "lexical", "inputPipelineRawScore": 3.5, "value": 0.9}]}
    assert placed(ranks) == {"dense": Placed(2, 0.8)}
    assert placed(scores) == {"lexical": Placed(None, 3.5)}
    assert placed({}) == {}


@pytest.fixture
async def database() -> AsyncIterator[MongoDatabase]:
    async with mongo_database() as opened:
        await opened.database.create_collection("chunk")
        await ensure(opened, [INDEX], wait=timedelta(seconds=30))
        yield opened


def chunk(name: str, x: float, y: float, **changes: Any) -> dict[str, Any]:
    vector = Binary.from_vector([x, y], BinaryVectorDtype.FLOAT32)
    own = {
        "tenant": "acme",
        "owner": "ann",
        "readers": [],
        "embedding": "test:letters",
        "document_id": name,
        "start": 0,
    }
    return {"_id": name, INDEX.path: vector, **own, **changes}


@pytest.mark.parametrize("how", [{"exact": True}, {}])
async def test_the_nearest_come_first_with_their_cosine(database: MongoDatabase, how: dict[str, Any]) -> None:
    chunks = database.collection("chunk")
    others = [
        chunk("bob", 1, 0, owner="bob"),
        chunk("other", 1, 0, embedding="x"),
        chunk("german", 1, 0, language="de"),
    ]
    await chunks.insert_many([chunk("north", 0, 1), chunk("east", 1, 0), chunk("between", 0.6, 0.8), *others])
    where = findable(ANN, parse_filter({"language": {"ne": "de"}}, {}), embedding="test:letters") or {}
    found = await chunks.aggregate(dense(INDEX.name, EAST, where, path=INDEX.path, depth=10, **how))
    assert [(row["_id"], cosine(row["score"])) for row in found] == [("east", 1.0), ("between", 0.6), ("north", 0.0)]
