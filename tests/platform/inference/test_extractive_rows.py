"""Rows of tables, and what stands above them."""

import pytest

from footnote.platform.inference import Source
from footnote.platform.inference.extractive.candidates import Candidate, candidates
from footnote.platform.inference.extractive.features import lexical_features

TABLE = """Net sales (in millions):

| | Three Months Ended | Nine Months Ended |
| | June 25, 2022 | June 25, 2022 |
| Sales by category: | | |
| Phones | $ 40 | $ 162 |
| Laptops | $ 7 | $ 28 |
| Total | $ 47 | $ 190 |
| Income | $ 9 | $ 40 |"""


def found(text: str, context: str = "") -> list[Candidate]:
    return candidates([Source(number=1, title="Report", text=text, context=context)])


def test_heads_and_parts_of_a_table_are_no_answers_but_stand_above_its_rows() -> None:
    rows = [each for each in found(TABLE) if each.is_row]
    assert [row.text.split(" | ")[0] for row in rows] == ["| Phones", "| Laptops", "| Total", "| Income"]
    assert {row.before for row in rows} == {"Net sales (in millions):"}
    assert rows[0].above.endswith("| | June 25, 2022 | June 25, 2022 | Sales by category:")
    assert rows[3].above.endswith("June 25, 2022 |")


def test_a_source_that_begins_within_a_table_has_the_heads_of_its_context() -> None:
    [row] = found("| Phones | 40 | 39 |", context="2022 | 2021")
    assert row.above == "2022 | 2021"


@pytest.mark.parametrize("row", ["| 2022 | 170 |", "| 7 | 12 |", "Cost 2,754 2,472"])
def test_figures_are_a_row(row: str) -> None:
    assert [(each.text, each.is_row) for each in found(row)] == [(row, True)]


def test_figures_far_apart_are_no_row_where_words_follow() -> None:
    line = "Cost" + "  1" * 60
    assert [each.is_row for each in found(line)] == [True]
    assert not any(each.is_row for each in found(f"{line} in all"))


def test_a_line_that_ends_with_a_date_is_none() -> None:
    assert not any(each.is_row for each in found("It was sold\nin the months that ended September 30, 2022\nfor good."))


def test_heads_without_rows_are_answers_themselves() -> None:
    assert [each.text for each in found("| Colour | Red |")] == ["| Colour | Red |"]


def test_a_row_that_fits_the_question_fits_better_than_its_neighbours() -> None:
    rows = [each for each in found(TABLE) if each.is_row]
    fits = [each.row for each in lexical_features("What were the sales of laptops in June 2022?", rows)]
    assert max(fits) == fits[1] > fits[0]


def test_what_names_a_document_may_name_a_row_as_well() -> None:
    rows = found("| Total sales | 47 | 40 |\n| Mac | 7 | 8 |", context="Sales | June")
    total, mac = lexical_features("What were Apple's Mac sales?", rows, {"appl", "mac"})
    assert (mac.coverage, total.coverage < 1) == (1, True)


def test_dates_of_rows_meet_those_that_people_write() -> None:
    rows = found("| Widget | 2024-01-05 | 5 |\n| Widget | 2024-01-07 | 9 |", context="Product | Date | Revenue")
    one, other = lexical_features("What was the revenue on January 7, 2024?", rows)
    assert other.coverage > one.coverage
