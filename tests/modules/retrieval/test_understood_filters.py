"""Filters that a question names in passing."""

import pytest

from footnote.modules.retrieval.filters import FieldType, parse_filter
from footnote.modules.retrieval.planning.understanding import understood

FIELDS: dict[str, FieldType] = {"year": "number", "company": "string", "date": "time", "page_count": "number"}


@pytest.mark.parametrize("question", ["What does it say in the PDF?", "Was steht in der PDF?", "totals from that pdf"])
def test_the_kind_of_file_is_understood(question: str) -> None:
    assert understood(question, {}) == [("media_type", {"media_type": {"in": ["application/pdf"]}})]


def test_a_question_about_a_format_is_not_about_files_of_it() -> None:
    assert understood("What does PDF stand for?", {}) == []


def test_a_quarter_becomes_a_span_of_time() -> None:
    found = dict(understood("How was Q4 2022?", {"date": "time"}))
    assert found == {"metadata.date": {"metadata.date": {"gte": "2022-10-01", "lt": "2023-01-01"}}}


def test_a_value_of_the_metadata_is_among_what_is_asked_for() -> None:
    found = dict(understood("How was Acme Corp's margin in 2023?", FIELDS))
    assert {"Acme Corp", "acme corp", "Acme"} <= set(found["metadata.company"]["metadata.company"]["in"])
    assert found["metadata.year"] == {"metadata.year": {"in": [2023]}}
    assert "metadata.page_count" not in found


def test_words_without_a_capital_are_values_only_where_the_key_is_named() -> None:
    fields: dict[str, FieldType] = {"cost_centre": "string"}
    assert understood("what does paint cost?", fields) == []
    [(_, filters)] = understood("what does paint cost in cost centre north?", fields)
    assert "north" in filters["metadata.cost_centre"]["in"]


def test_what_is_left_out_is_preferred_nowhere() -> None:
    found = dict(understood("How was Acme after Q1 2022, not in the PDF?", {"date": "time", "year": "number"}))
    assert found["media_type"] == {"not": {"media_type": {"in": ["application/pdf"]}}}
    assert found["metadata.date"] == {"metadata.date": {"gte": "2022-04-01"}}
    assert found["metadata.year"] == {"metadata.year": {"gte": 2022}}


def test_a_quarter_by_its_number_is_understood() -> None:
    assert dict(understood("sales of quarter 3", {"quarter": "number"})) == {
        "metadata.quarter": {"metadata.quarter": {"in": [3]}}
    }


@pytest.mark.parametrize(
    "question",
    ["", "?", "the", "x " * 5000, "“”\x00 \ud800", "Q1 Q2 Q3 2020 2021 2022 in the slides", "not 2022 " * 99],
)
def test_whatever_is_understood_is_of_the_filter_language(question: str) -> None:
    for _, filters in understood(question, FIELDS):
        assert parse_filter(filters, FIELDS)
