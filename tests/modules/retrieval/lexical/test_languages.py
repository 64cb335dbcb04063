"""Under which language chunks are counted."""

import pytest

from footnote.modules.retrieval.lexical.languages import OTHER, UNKNOWN, analysis_language


@pytest.mark.parametrize(
    ("language", "counted"),
    [("de", "de"), ("de-AT", "de"), ("pt_BR", "pt"), ("EN", "en"), ("eng", "en"), ("nb-NO", "no"), ("zh-Hans", "zh")],
)
def test_a_language_is_known_by_its_names(language: str, counted: str) -> None:
    assert analysis_language(language) == counted


@pytest.mark.parametrize("language", ["tlh", "-", "a b", "English", "\ud800"])
def test_all_that_nothing_is_known_of_is_counted_together(language: str) -> None:
    assert analysis_language(language) == OTHER


@pytest.mark.parametrize("language", [None, ""])
def test_what_has_no_language_is_counted_as_english(language: str | None) -> None:
    assert analysis_language(language) == UNKNOWN == "en"
