"""The filter language: what it takes and what it refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from footnote.modules.retrieval import InvalidFilter
from footnote.modules.retrieval.filters import And, Comparison, Not, Or, parse_filter

DECLARED = {"year": "number", "author": "string", "final": "boolean"}
ENGLISH = Comparison("language", "string", "eq", "en")
YEAR = Comparison("metadata.year", "number", "gte", 2020)


@pytest.mark.parametrize(
    ("filters", "tree"),
    [
        ({"language": "en"}, ENGLISH),
        ({"language": "en", "metadata.year": {"gte": 2020}}, And((ENGLISH, YEAR))),
        ({"and": [{"language": "en"}, {"metadata.year": {"gte": 2020}}]}, And((ENGLISH, YEAR))),
        ({"or": [{"language": "en"}]}, Or((ENGLISH,))),
        ({"not": {"language": "en"}}, Not(ENGLISH)),
        ({"document_id": {"in": ["a", "b"]}}, Comparison("document_id", "string", "in", ("a", "b"))),
        ({"metadata.final": {"ne": True}}, Comparison("metadata.final", "boolean", "ne", True)),
        ({}, And(())),
    ],
)
def test_filters_become_a_tree(filters: dict[str, Any], tree: object) -> None:
    assert parse_filter(filters, DECLARED) == tree


def test_two_operators_of_a_field_both_hold() -> None:
    tree = parse_filter({"metadata.year": {"gte": 2020, "lt": 2021}}, DECLARED)
    assert tree == And((YEAR, Comparison("metadata.year", "number", "lt", 2021)))


@pytest.mark.parametrize("text", ["2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00Z", "2024-01-01"])
def test_times_are_read_with_their_offset_and_dates_as_midnight(text: str) -> None:
    tree = parse_filter({"created_at": {"lt": text}}, {})
    assert tree == Comparison("created_at", "time", "lt", datetime(2024, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("filters", "at"),
    [
        ({"title": "x"}, "$.title"),
        ({"metadata.secret": "x"}, "$.metadata.secret"),
        ({"metadata": {"year": 1}}, "$.metadata"),
        ({"language": 3}, "$.language"),
        ({"language": None}, "$.language"),
        ({"language": ["en"]}, "$.language"),
        ({"language": {}}, "$.language"),
        ({"language": {"like": "e%"}}, "$.language.like"),
        ({"language": {"in": "en"}}, "$.language.in"),
        ({"language": {"in": ["en", 1]}}, "$.language.in[1]"),
        ({"language": {"in": ["en"] * 1001}}, "$.language.in"),
        ({"metadata.year": "2020"}, "$.metadata.year"),
        ({"metadata.year": True}, "$.metadata.year"),
        ({"metadata.year": 2**53 + 1}, "$.metadata.year"),
        ({"metadata.year": float("nan")}, "$.metadata.year"),
        ({"metadata.final": 1}, "$.metadata.final"),
        ({"metadata.final": {"gte": True}}, "$.metadata.final.gte"),
        ({"created_at": "yesterday"}, "$.created_at"),
        ({"created_at": "2024-13-01"}, "$.created_at"),
        ({"created_at": "2024-01-01T00:00:00"}, "$.created_at"),
        ({"and": {"language": "en"}}, "$.and"),
        ({"or": [{"language": "en"}, "x"]}, "$.or[1]"),
        ({"not": []}, "$.not"),
    ],
)
def test_what_is_not_of_the_language_is_refused_with_its_place(filters: dict[str, Any], at: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        parse_filter(filters, DECLARED)
    assert refused.value.extensions == {"at": at}


def nested(depth: int) -> dict[str, Any]:
    return {"not": nested(depth - 1)} if depth else {"language": "en"}


def test_five_deep_is_allowed_and_six_is_not() -> None:
    parse_filter(nested(5), {})
    with pytest.raises(InvalidFilter, match="At most 5"):
        parse_filter(nested(6), {})


def test_a_hundred_comparisons_are_allowed_and_one_more_is_not() -> None:
    parse_filter({"or": [{"language": "en"}] * 100}, {})
    with pytest.raises(InvalidFilter, match="At most 100"):
        parse_filter({"or": [{"language": "en"}] * 101}, {})
