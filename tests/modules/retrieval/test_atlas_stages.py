"""The very stages that are sent to MongoDB's search, with access, filters and unfinished builds inside them."""

from typing import Any

import numpy as np
import pytest
from support.atlas_grammar import check_pipeline

from footnote.modules.retrieval.filters import parse_filter
from footnote.modules.retrieval.repository.atlas_pipelines import Pipeline, rank_fusion
from footnote.modules.retrieval.repository.mongo_queries import (
    IndexOptions,
    NearChunks,
    Scope,
    SearchedWords,
    findable_scope,
    scope_of_builds,
)
from footnote.modules.retrieval.repository.search_indexes import TextIndex, VectorIndex
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann", groups=frozenset({"law"}))
EAST = np.array([1, 0], np.float32)
READERS = ["group:law", "tenant", "user:ann"]
DECLARED: Any = {"year": "number"}
ADMITTED = {"language": {"in": ["de", "en"]}, "metadata.year": {"gte": 2023}, "not": {"media_type": "text/html"}}
HIT = {"_id": 1, "parent": 1, "document_id": 1, "build": 1, "start": 1}

READABLE = [
    {"tenant": {"$eq": "acme"}},
    {"$or": [{"owner": {"$eq": "ann"}}, {"readers": {"$in": READERS}}]},
]
FILTERED = {
    "$and": [
        {"language": {"$in": ["de", "en"]}},
        {"metadata.year": {"$gte": 2023}},
        {"$nor": [{"media_type": {"$eq": "text/html"}}]},
    ]
}
ANYTHING = [{"exists": {"path": "tenant"}}]
READABLE_CLAUSES = [
    {"equals": {"path": "tenant", "value": "acme"}},
    {
        "compound": {
            "should": [
                {"equals": {"path": "owner", "value": "ann"}},
                {"in": {"path": "readers", "value": READERS}},
            ],
            "minimumShouldMatch": 1,
        }
    },
]
FILTERED_CLAUSE = {
    "compound": {
        "filter": [
            {"in": {"path": "language", "value": ["de", "en"]}},
            {"range": {"path": "metadata.year", "gte": 2023}},
            {
                "compound": {
                    "filter": ANYTHING,
                    "mustNot": [{"equals": {"path": "media_type", "value": "text/html"}}],
                }
            },
        ]
    }
}
NOT_ASIDE = {"compound": {"filter": ANYTHING, "mustNot": [{"in": {"path": "build", "value": ["b1"]}}]}}
CHILDREN = {"in": {"path": "kind", "value": ["child", "table"]}}


class NoDatabase:
    """Nothing is asked of it."""

    def collection(self, name: str) -> None:
        return None


def filtered() -> Scope:
    """Beside a build that is being settled or dropped."""
    scope = findable_scope(ANN, parse_filter(ADMITTED, DECLARED), [])
    assert scope is not None
    return scope.without(["b1"])


def nearest(scope: Scope, is_exact: bool = False, **options: Any) -> Pipeline:
    index = VectorIndex(embedding="m", dimension=2, metadata=DECLARED)
    database: Any = NoDatabase()
    near = NearChunks(database, index, IndexOptions(vectors="array", **options), is_exact=is_exact)
    return near.pipeline(scope, EAST, 20)


def worded(scope: Scope, *languages: str) -> Pipeline:
    database: Any = NoDatabase()
    return SearchedWords(database, TextIndex(languages=languages)).pipeline(scope, ["red", "fox"], 20)


def vector_search(where: Any, **how: Any) -> Pipeline:
    stage = {"index": "vector_m_2", "path": "vector_m_2", "queryVector": [1.0, 0.0], "limit": 20, "filter": where}
    return [{"$vectorSearch": {**stage, **how}}, {"$project": {**HIT, "score": {"$meta": "vectorSearchScore"}}}]


def fields(text: Any, header: Any) -> Any:
    """What is looked for in one form of the fields."""
    asked = {"query": "red fox", "matchCriteria": "any"}
    boosted = {**asked, "path": header, "score": {"boost": {"value": 1.5}}}
    should = [{"text": {**asked, "path": text}}, {"text": boosted}]
    return {"compound": {"should": should, "minimumShouldMatch": 1}}


def text_search(filters: list[Any], should: list[Any]) -> Pipeline:
    compound = {"filter": [*filters, CHILDREN], "should": should, "minimumShouldMatch": 1}
    return [
        {"$search": {"index": "words", "compound": compound}},
        {"$limit": 20},
        {"$project": {**HIT, "score": {"$meta": "searchScore"}}},
    ]


def test_access_and_filters_stand_inside_the_vector_search() -> None:
    where = {"$and": [*READABLE, FILTERED, {"build": {"$nin": ["b1"]}}]}
    assert nearest(filtered()) == vector_search(where, numCandidates=400)
    assert nearest(filtered(), is_exact=True) == vector_search(where, exact=True)
    assert nearest(filtered(), candidates=5000) == vector_search(where, numCandidates=5000)


def test_access_and_filters_stand_inside_the_text_search() -> None:
    plain = {"compound": {"must": [fields("text", "header")]}}
    assert worded(filtered()) == text_search([*READABLE_CLAUSES, FILTERED_CLAUSE, NOT_ASIDE], [plain])


def test_each_language_has_a_branch_and_what_is_in_none_another() -> None:
    form = {"multi": "in_de"}
    german = {
        "filter": [{"equals": {"path": "language", "value": "de"}}],
        "must": [fields({"value": "text", **form}, {"value": "header", **form})],
    }
    others = {
        "filter": ANYTHING,
        "mustNot": [{"in": {"path": "language", "value": ["de"]}}],
        "must": [fields("text", "header")],
    }
    branches = [{"compound": german}, {"compound": others}]
    assert worded(filtered(), "de") == text_search([*READABLE_CLAUSES, FILTERED_CLAUSE, NOT_ASIDE], branches)


def test_unfinished_builds_are_asked_for_by_themselves() -> None:
    scope = scope_of_builds("acme", ["b2"], [])
    where = {"$and": [{"tenant": {"$eq": "acme"}}, {"build": {"$in": ["b2"]}}]}
    clauses = [{"equals": {"path": "tenant", "value": "acme"}}, {"in": {"path": "build", "value": ["b2"]}}]
    assert nearest(scope) == vector_search(where, numCandidates=400)
    assert worded(scope) == text_search(clauses, [{"compound": {"must": [fields("text", "header")]}}])


def test_a_fusion_by_the_server_has_both_searches_as_they_are() -> None:
    [fusion, limit, _] = rank_fusion(nearest(filtered()), worded(filtered()), depth=40)
    inputs = fusion["$rankFusion"]["input"]["pipelines"]
    assert inputs == {"dense": nearest(filtered())[:1], "lexical": worded(filtered())[:2]}
    assert limit == {"$limit": 40}


@pytest.mark.parametrize("languages", [(), ("de", "en")])
def test_all_of_it_is_of_the_documented_grammar(languages: tuple[str, ...]) -> None:
    for scope in (filtered(), scope_of_builds("acme", ["b2"], [])):
        check_pipeline(nearest(scope))
        check_pipeline(worded(scope, *languages))


def test_a_filter_that_admits_nothing_asks_nothing() -> None:
    assert findable_scope(ANN, parse_filter({"or": []}, {}), []) is None
