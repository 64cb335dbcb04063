"""What MongoDB documents of its search stages: which keys and operators each takes, and what the clauses mean.

By the documentation of November 2026, not by a server; the pages are named in the README of retrieval.
"""

from typing import Any

Row = dict[str, Any]

MQL_COMPARISONS = {"$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$not"}
MQL_LISTS = {"$and", "$or", "$nor"}
FILTER_TYPES = (str, bool, int, float)

STAGES = {
    "$vectorSearch": {"index", "path", "queryVector", "limit", "numCandidates", "exact", "filter"},
    "$search": {"index", "compound", "count", "sort", "scoreDetails", "returnStoredSource", "concurrent"},
    "$rankFusion": {"input", "combination", "scoreDetails"},
    "$scoreFusion": {"input", "combination", "scoreDetails"},
    "$rerank": {"query", "path", "numDocsToRerank", "model"},
}
REQUIRED = {
    "$vectorSearch": {"index", "path", "queryVector", "limit"},
    "$rankFusion": {"input"},
    "$scoreFusion": {"input"},
    "$rerank": {"query", "path", "numDocsToRerank", "model"},
}
SELECTION = {
    "$rankFusion": {"$match", "$search", "$vectorSearch", "$sample", "$geoNear", "$sort", "$skip", "$limit"},
    "$scoreFusion": {"$match", "$search", "$vectorSearch", "$geoNear", "$sort", "$skip", "$limit", "$score"},
}
CLAUSES = {
    "compound": {"must", "mustNot", "should", "filter", "minimumShouldMatch", "score"},
    "equals": {"path", "value", "score"},
    "in": {"path", "value", "score"},
    "range": {"path", "gt", "gte", "lt", "lte", "score"},
    "exists": {"path", "score"},
    "text": {"query", "path", "fuzzy", "matchCriteria", "score", "synonyms"},
}
VECTOR_FIELD = {"type", "path", "numDimensions", "similarity", "quantization", "indexingMethod", "hnswOptions"}
FIELD_TYPES = {
    "string": {
        "type",
        "analyzer",
        "searchAnalyzer",
        "indexOptions",
        "store",
        "ignoreAbove",
        "norms",
        "multi",
        "similarity",
    },
    "token": {"type", "normalizer"},
    "number": {"type", "representation", "indexIntegers", "indexDoubles"},
    "boolean": {"type"},
    "document": {"type", "dynamic", "fields"},
}
RERANKERS = {"rerank-2.5", "rerank-2.5-lite", "rerank-2", "rerank-2-lite"}


def check_pipeline(pipeline: list[Row]) -> None:
    for place, stage in enumerate(pipeline):
        [(name, body)] = stage.items()
        if name in STAGES:
            assert set(body) <= STAGES[name], f"{name} takes no {set(body) - STAGES[name]}"
            assert REQUIRED.get(name, set()) <= set(body)
            assert place == 0 or name == "$rerank", f"{name} has to come first"
            CHECKS[name](body)


def check_vector_search(body: Row) -> None:
    assert body.get("exact") is True or body["limit"] <= body["numCandidates"] <= 10_000
    assert not (body.get("exact") and "numCandidates" in body)
    check_filter(body.get("filter", {}))


def check_filter(where: Row) -> None:
    for key, value in where.items():
        if key in MQL_LISTS:
            assert value, f"{key} of nothing is an error"
            for term in value:
                check_filter(term)
            continue
        assert not key.startswith("$"), f"{key} is not an operator of a pre-filter"
        assert set(value) <= MQL_COMPARISONS
        for operand in value.values():
            assert all(type(each) in FILTER_TYPES for each in (operand if isinstance(operand, list) else [operand]))


def check_search(body: Row) -> None:
    check_clause({"compound": body["compound"]})


def check_clause(clause: Row) -> None:
    [(name, body)] = clause.items()
    assert set(body) <= CLAUSES[name], f"{name} takes no {set(body) - CLAUSES[name]}"
    if name != "compound":
        return
    parts = {key: body[key] for key in ("must", "mustNot", "should", "filter") if key in body}
    assert set(parts) - {"mustNot"}, "a compound of nothing but mustNot is not documented"
    assert body.get("minimumShouldMatch", 0) <= len(body.get("should", ()))
    for terms in parts.values():
        assert isinstance(terms, list)
        for term in terms:
            check_clause(term)


def check_fusion(name: str, body: Row) -> None:
    pipelines = body["input"]["pipelines"]
    assert pipelines
    assert set(body.get("combination", {}).get("weights", {})) <= set(pipelines)
    for title, stages in pipelines.items():
        assert title.strip("$.\0") == title != ""
        assert {key for stage in stages for key in stage} <= SELECTION[name]
        assert next(iter(stages[0])) in ("$search", "$vectorSearch")
        check_pipeline(stages)


def check_rank_fusion(body: Row) -> None:
    assert set(body["input"]) == {"pipelines"}
    check_fusion("$rankFusion", body)


def check_score_fusion(body: Row) -> None:
    assert body["input"]["normalization"] in {"none", "sigmoid", "minMaxScaler"}
    assert body.get("combination", {}).get("method", "avg") in {"avg", "expression"}
    check_fusion("$scoreFusion", body)


def check_rerank(body: Row) -> None:
    assert set(body["query"]) == {"text"}
    assert 0 < body["numDocsToRerank"] <= 1000
    assert body["model"] in RERANKERS


CHECKS = {
    "$vectorSearch": check_vector_search,
    "$search": check_search,
    "$rankFusion": check_rank_fusion,
    "$scoreFusion": check_score_fusion,
    "$rerank": check_rerank,
}


def holds_for(clause: Row, document: Row) -> bool:
    """Whether a clause of text search that does not score matches a document, as documented."""
    [(name, body)] = clause.items()
    if name == "compound":
        return compound_holds(body, document)
    values = values_at(document, body["path"])
    if name == "exists":
        return bool(values)
    if name == "range":
        return any(in_range(value, body) for value in values)
    wanted = body["value"] if name == "in" else [body["value"]]
    assert len({float if type(each) is int else type(each) for each in wanted}) <= 1, "values of one type only"
    return any(same_kind(value, each) and value == each for value in values for each in wanted)


def compound_holds(body: Row, document: Row) -> bool:
    needed = all(holds_for(term, document) for key in ("must", "filter") for term in body.get(key, ()))
    kept_out = any(holds_for(term, document) for term in body.get("mustNot", ()))
    some = sum(holds_for(term, document) for term in body.get("should", ()))
    return needed and not kept_out and some >= body.get("minimumShouldMatch", 0)


def in_range(value: Any, body: Row) -> bool:
    bounds = {"gte": value.__ge__, "lt": value.__lt__}
    return all(same_kind(value, body[key]) and bounds[key](body[key]) is True for key in bounds if key in body)


def values_at(document: Row, path: str) -> list[Any]:
    found: Any = document
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def same_kind(value: Any, other: Any) -> bool:
    """Text search keeps text, numbers and truth values apart."""
    return kind_of(value) == kind_of(other)


def kind_of(value: Any) -> type:
    return float if type(value) is int else type(value)


def check_vector_index(definition: Row) -> None:
    [vector] = [field for field in definition["fields"] if field["type"] == "vector"]
    assert set(vector) <= VECTOR_FIELD
    assert 1 <= vector["numDimensions"] <= 8192
    assert vector["quantization"] in {"none", "scalar", "binary"}
    paths = [field["path"] for field in definition["fields"]]
    assert len(paths) == len(set(paths))
    for field in definition["fields"]:
        assert field is vector or set(field) == {"type", "path"}


def check_text_index(definition: Row) -> None:
    check_mapping(definition["mappings"])


def check_mapping(mapping: Row) -> None:
    assert mapping["dynamic"] is False
    for name, field in mapping["fields"].items():
        assert not name.startswith("$")
        assert set(field) <= FIELD_TYPES[field["type"]]
        assert all(form.keys() == {"type", "analyzer"} for form in field.get("multi", {}).values())
        if field["type"] == "document":
            check_mapping(field)
