"""Every real PDF with an expectation: its words are found, or the stated error appears.

The words of a page's head are known from PDFium alone. At least 60% of each file's must be found, as PDFium joins cells
and turned words that stand apart; 97% of all together, as hyphens are healed and headers stand once.
Of docling's own reading at least 75% of the pairs of neighbouring words, as it describes pictures and repeats cells.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.reading import read_file
from support.text_measure import expected_words, found_share

from footnote.modules.ingestion.extraction.errors import NoText, PasswordProtected
from footnote.modules.ingestion.extraction.kinds import PDF

FOLDERS = ["pdf_basic", "pdf_misc", "pdf_tables", "docling_pdf", "haystack"]
HEAD = 0.6
HEADS_TOGETHER = 0.97
MARKDOWN = 0.75
FEW = 5  # words that say nothing of a share


def expected_pdfs(files: Path, *folders: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for folder in folders:
        for entry in json.loads((files / folder / "manifest.json").read_text()):
            path = files / folder / entry["file"]
            if path.suffix == ".pdf" and path.exists():
                expected = entry["expected"]
                is_locked = expected.get("password") or "password" in path.name
                yield path, expected | {"is_locked": bool(is_locked)}


def words_of(path: Path) -> str:
    """Empty if it is a scan or a picture without words."""
    try:
        return read_file(path, PDF).text
    except NoText:
        return ""


def head_share(head: str, text: str) -> float:
    """The share of the words of `head` that `text` has; it may be cut off in the middle of a word."""
    wanted = [word.strip(".,;:()-\u00ad") for word in head.split()[:-1]]
    squeezed = "".join(text.split())
    return sum(word in squeezed for word in wanted) / len(wanted)


def test_the_words_that_pdfium_finds_are_found(shared_data: Path) -> None:
    shares = {}
    for path, expected in expected_pdfs(shared_data / "files", *FOLDERS):
        measured = expected.get("measured") or {}
        if len(measured.get("text_head", "").split()) > FEW and not expected["is_locked"]:
            shares[path.name] = head_share(measured["text_head"], words_of(path))
    assert len(shares) > 40
    assert {name: share for name, share in shares.items() if share < HEAD} == {}
    assert sum(shares.values()) / len(shares) >= HEADS_TOGETHER


def test_what_docling_reads_is_read(shared_data: Path) -> None:
    shares = {}
    for path, expected in expected_pdfs(shared_data / "files", "docling_pdf"):
        if expected["expected_markdown"]:
            shares[path.name] = found_share(expected_words(expected["expected_markdown"]), words_of(path))
    assert len(shares) > 8
    assert {name: share for name, share in shares.items() if share < MARKDOWN} == {}


def test_a_pdf_behind_a_password_says_so(shared_data: Path) -> None:
    found = expected_pdfs(shared_data / "files", "pdf_basic", "pdf_tables")
    locked = [path for path, expected in found if expected["is_locked"]]
    assert len(locked) > 1
    for path in locked:
        with pytest.raises(PasswordProtected):
            read_file(path, PDF)


def test_letters_of_one_arabic_glyph_keep_their_order(shared_data: Path) -> None:
    text = read_file(shared_data / "files" / "docling_pdf" / "right_to_left_03.pdf", PDF).text
    assert "کالای" in text
    assert "کاالی" not in text
