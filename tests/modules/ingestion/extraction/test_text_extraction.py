"""Plain text: decoded, cleaned, cut into paragraphs."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction.decoding import clean, decode
from footnote.modules.ingestion.extraction.errors import EmptyFile, NoText, NotText
from footnote.modules.ingestion.extraction.kinds import PLAIN
from footnote.modules.ingestion.extraction.text import paragraphs

Write = Callable[[str, str | bytes], Path]


def test_blank_lines_set_paragraphs_apart(write: Write) -> None:
    extraction = read_file(write("a.txt", "\n One\ntwo \n \t\n\n  Three\n"), PLAIN)
    assert [extraction.text[block.start : block.end] for block in extraction.layout.blocks] == ["One\ntwo", "Three"]


def test_line_ends_and_control_characters_are_cleaned(write: Write) -> None:
    extraction = read_file(write("a.txt", "a\r\nb\rc\x00\x08d\x0ce\ufeff\tf"), PLAIN)
    assert extraction.text == "a\nb\ncd\ne\tf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_unicode_is_read_in_any_form(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    assert decode((mark + "Grüße, 東京 😀").encode(encoding)) == ("Grüße, 東京 😀", ())


def test_another_encoding_is_guessed_and_said() -> None:
    text, warnings = decode(("Die Straße führt über den Fluß zu größeren Häusern. " * 20).encode("latin-1"))
    assert "Straße führt über" in text
    assert "guess" in warnings[0]


def test_a_little_that_is_not_utf_8_is_replaced_and_said() -> None:
    text, warnings = decode(("Grüße aus Köln. " * 200).encode() + b"\xff end")
    assert text.endswith("\ufffd end")
    assert "1 characters are not valid UTF-8" in warnings[0]


def test_noise_is_not_text() -> None:
    with pytest.raises(NotText):
        decode(bytes(range(32)) * 50)


def test_an_empty_file_and_one_of_blanks_have_no_text(write: Write) -> None:
    with pytest.raises(EmptyFile):
        read_file(write("a.txt", ""), PLAIN)
    with pytest.raises(NoText):
        read_file(write("b.txt", " \n\t\n"), PLAIN)


def test_errors_survive_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(NoText("Nothing there.", pages=3)))
    assert error.to_problem() == NoText("Nothing there.", pages=3).to_problem()


@given(st.text(alphabet="ab \n\t\r\x0b\x85\u2028\u00a0", max_size=80))
def test_paragraphs_cover_all_but_white_space(raw: str) -> None:
    text, at = clean(raw), 0
    for start, end in paragraphs(text):
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The report was written by the board and it is not for those who have no time to read."),
        ("de", "Der Bericht wurde von dem Vorstand geschrieben und ist nicht für die, die keine Zeit haben."),
        ("fr", "Le rapport est écrit par le conseil et les membres ne sont pas dans la salle avec nous."),
        ("es", "El informe fue escrito por la junta y los miembros no están en la sala con las otras que se van."),
        ("ru", "Отчёт был написан советом директоров."),
        ("ja", "報告書は取締役会によって書かれました。"),
        (None, "1,234 5,678 Total 91"),
    ],
)
def test_the_language_is_told_by_common_words(write: Write, language: str | None, text: str) -> None:
    assert read_file(write("a.txt", text), PLAIN).language == language


def test_a_long_text_comes_in_parts_cut_between_paragraphs(write: Write, tmp_path: Path) -> None:
    text = "".join(f"Paragraph {number}\nof two lines.\n\n" for number in range(30_000))
    reports: list[tuple[int, int]] = []
    path = write("a.txt", text)
    parts = list(extract(path, PLAIN, Context(tmp_path, report=lambda *progress: reports.append(progress))))
    assert max(len(part.text) for part in parts) <= 200_000
    assert "\n\n".join(part.text for part in parts) == text.strip()
    assert len(reports) == len(parts) > 3


@pytest.mark.parametrize("filler", ["x", " ", "\n", "x "])
def test_a_text_without_paragraphs_is_cut_all_the_same(write: Write, tmp_path: Path, filler: str) -> None:
    parts = list(extract(write("a.txt", "start" + filler * 700_000 + "end"), PLAIN, Context(tmp_path)))
    assert all(len(part.text) <= 200_000 for part in parts)
    assert parts[0].text.startswith("start")
    assert parts[-1].text.endswith("end")
