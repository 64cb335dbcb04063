"""Where words stand, and what was withheld, as the command line and assistants say it."""

from typing import Any

import msgspec
import pytest
from support.answers import citation

from footnote.config.wording import located, row_in_words, withheld
from footnote.modules.retrieval import Cells


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, "Planets › A"),
        ({"pages": (3,)}, "Planets, page 3 › A"),
        ({"pages": (3, 4)}, "Planets, pages 3, 4 › A"),
        ({"seconds": (65.4, 70.0)}, "Planets, at 1:05 › A"),
        ({"cells": (Cells(sheet="2026", range="B2:D3"),)}, "Planets, 2026 B2:D3 › A"),
        ({"cells": (Cells(sheet="A", range="B2"), Cells(sheet="A", range="D4"))}, "Planets, A B2, D4"),
    ],
)
def test_a_place_is_named_as_its_kind_of_document_counts(place: dict[str, Any], words: str) -> None:
    assert located(msgspec.structs.replace(citation("d"), **place)) == words


def test_one_sentence_is_withheld_in_the_singular() -> None:
    assert withheld(1) == "1 sentence was withheld: no document supports it."
    assert withheld(2) == "2 sentences were withheld: no document supports them."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("| Revenue | 63.9 | |", "Revenue · 63.9"),
        ("Revenue | 63.9 | 54.2", "Revenue · 63.9 · 54.2"),
        ("It takes int | None.", "It takes int | None."),
    ],
)
def test_a_row_of_a_table_is_told_without_its_marks(text: str, words: str) -> None:
    assert row_in_words(text) == words
