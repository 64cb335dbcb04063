"""Rich Text: its words, whatever alphabet they are in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reading import read_file

from footnote.modules.ingestion.extraction import sniff
from footnote.modules.ingestion.extraction.kinds import RTF
from footnote.modules.ingestion.extraction.rtf import text_of_rtf, unpacked

Write = Callable[[str, str | bytes], Path]


def test_paragraphs_are_read_and_what_is_not_shown_is_not(write: Write) -> None:
    source = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\title T}}{\*\generator G;}"
        rb"\b One\b0  word.\par Two\emdash{}three.\par}"
    )
    path = write("a.doc", source)
    assert sniff(path, "a.doc") == RTF
    assert read_file(path, RTF).text == "One word.\n\nTwo—three."


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (rb"{\rtf1\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fnil\fcharset128 MS Gothic;}}\f0 \'93\'8c\'8b\'9e}", "東京"),
        (rb"{\rtf1\ansi\uc1 \u26481?\u20140 ? \u-10179?\u-8704?}", "東京 😀"),
        (rb"{\rtf1 \{braces\}\~\\ }", "{braces}\u00a0\\ "),
    ],
)
def test_letters_of_all_kinds_are_decoded(source: bytes, words: str) -> None:
    assert text_of_rtf(source) == words


@given(st.binary(max_size=300))
def test_any_bytes_give_some_text(noise: bytes) -> None:
    assert isinstance(text_of_rtf(b"{\\rtf1 " + noise), str)
    assert isinstance(unpacked(noise), bytes)
