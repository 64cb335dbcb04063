"""Periods in questions and titles, and which documents they mean."""

import pytest
from support.found import found

from footnote.modules.retrieval import Passage
from footnote.modules.retrieval.planning.bounds import Span, asked
from footnote.modules.retrieval.planning.periods import Periods, edition, periods, series
from footnote.modules.retrieval.planning.scope import scope, speaks_of_editions


def titled(**titles: str) -> list[Passage]:
    return [found("Margin.", document=name, title=title) for name, title in titles.items()]


REPORTS = titled(a1="2023 Q1 Acme", a2="2023 Q2 Acme", b1="2023 Q1 Bolt", b4="2022 Q4 Bolt")


@pytest.mark.parametrize(
    "text", ["Q1 2023", "2023Q1", "the first quarter of 2023", "ACME_2023_Q1.pdf", "1. Quartal 2023", "1Q 2023"]
)
def test_a_quarter_is_understood_as_people_write_it(text: str) -> None:
    assert periods(text) == Periods(years=frozenset({2023}), quarters=frozenset({1}))


@pytest.mark.parametrize(("text", "month"), [("APRİL 3", 4), ("Aprıl, 2024", 4), ("in Auguſt", 8), ("MAY 2024", 5)])
def test_a_month_is_understood_in_any_letters(text: str, month: int) -> None:
    assert periods(text).months == {month}


def test_a_month_needs_a_sign_that_it_is_one() -> None:
    assert periods("report of March 2023").months == {3}
    assert periods("2023-03 report").months == {3}
    assert not periods("May we march?")


@pytest.mark.parametrize(
    "text", ["part 20231", "", "Q5", "€1,999.00 for 12", "iraq1", "ISO 27001:2022", "CVE-2022-3602"]
)
def test_other_numbers_are_no_periods(text: str) -> None:
    assert not periods(text).quarters
    assert not periods(text).years or "1,999" in text


def test_titles_of_one_series_share_all_but_the_period() -> None:
    assert series("2023 Q1 Acme") == series("Acme_2022_Q4") == "acme"
    older, newer = edition("Handbook v1.9"), edition("Handbook v1.10")
    assert older is not None
    assert newer is not None
    assert older < newer
    assert edition("Handbook") is None


def test_documents_of_the_period_asked_for_are_meant() -> None:
    meant = scope("What was the margin in Q1 2023?", REPORTS)
    assert meant is not None
    assert meant.document_ids == {"a1", "b1"}


def test_the_latest_of_each_series_is_meant() -> None:
    meant = scope("What was the margin in the latest report?", REPORTS)
    assert meant is not None
    assert meant.document_ids == {"a2", "b1"}


def test_a_year_in_a_title_without_a_series_is_no_period() -> None:
    assert scope("What happened in 1973?", titled(oil="1973 oil crisis", mars="Mars")) is None


def test_a_few_editions_among_other_things_are_meant_only_if_named() -> None:
    finals = titled(f7="2007 Cup Finals", f8="2008 Cup Finals", m="Mars", v="Venus", j="Jupiter")
    assert scope("Who bowled the last over in 2007?", finals) is None
    meant = scope("Who won the cup finals of 2007?", finals)
    assert meant is not None
    assert meant.document_ids == {"f7"}


def test_a_period_that_no_title_has_means_no_documents() -> None:
    assert scope("What was the margin in Q3 2019?", REPORTS) is None


def test_a_question_without_a_period_does_not_speak_of_editions() -> None:
    assert not speaks_of_editions("What was the margin?")
    assert speaks_of_editions("Wie hoch war sie im neuesten Bericht?")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("not in 2022", Span(8088, 8092, is_left_out=True)),
        ("other than 2022", Span(8088, 8092, is_left_out=True)),
        ("nicht im Jahr 2022", Span(8088, 8092, is_left_out=True)),
        ("before 2022", Span(beyond=8088)),
        ("jusqu'en 2022", Span(beyond=8092)),
        ("after Q1 2022", Span(first=8089)),
        ("seit 2022", Span(first=8088)),
    ],
)
def test_before_after_and_without_a_period_are_understood(text: str, span: Span) -> None:
    assert asked(f"What was the margin {text}?") == (Periods(), (span,), "What was the margin  ?")


def test_years_between_two_are_asked_for_too() -> None:
    assert asked("margins between 2019 and 2022").periods.years == {2019, 2020, 2021, 2022}


def test_what_is_left_out_is_no_document_of_the_period() -> None:
    meant = scope("What was the margin of Acme, but not in Q1 2023?", REPORTS)
    assert meant is not None
    assert meant.document_ids == {"a2", "b4"}
