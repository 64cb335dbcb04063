"""Real office files against what is known to be in them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.reading import read_file
from support.table_measure import Grid, Score, found_tables, measured, pipe_tables
from support.text_measure import expected_words, found_share

from footnote.modules.ingestion.extraction import sniff
from footnote.modules.ingestion.extraction.kinds import LEGACY_OFFICE
from footnote.modules.ingestion.models import Extraction


class Folder(NamedTuple):
    """What must be found of the expected pairs of neighbouring words: in each file, and in all together."""

    name: str
    each: float
    all: float


# Formulas, what kind a chart is and who wrote a comment when are written in other words than ours, or not at all.
FOLDERS = (
    Folder("docling_docx", 0.90, 0.98),
    Folder("docling_pptx", 0.90, 0.97),
    Folder("docling_xlsx", 0.90, 0.98),
    Folder("docling_xls", 1.0, 1.0),
    Folder("docling_csv", 1.0, 1.0),
    Folder("docling_odf", 0.85, 0.96),
    Folder("docling_doc", 0.95, 0.98),
    Folder("docling_ppt", 0.95, 0.95),
)
NAMES = [folder.name for folder in FOLDERS]
CELLS = 0.9  # share that must stand in the right row and column
# Without an expectation of their text; what can be read at all can be seen in them.
SEEN = {
    "office_misc/fake.docx": "Lorem ipsum dolor sit amet.",
    "office_misc/simple.docx": "This is my first thought. This is my second thought.",
    "office_misc/handbook-1p.docx": "INTRODUCTION",
    "office_misc/docx-tables.docx": "| a | b | b |\n| a | c | d |\n| e | e | d |",
    "office_misc/docx-shapes.docx": "Paragraph with floating shape attached.",
    "office_misc/fake-power-point.pptx": "Slide 1: Adding a Bullet Slide",
    "office_misc/stanley-cups.xlsx": "| Maple Leafs | TOR | 13 |",
    "office_misc/stanley-cups.csv": "| Maple Leafs | TOR | 13 |",
    "office_misc/stanley-cups.tsv": "| Maple Leafs | TOR | 13 |",
    "office_misc/fake.odt": "| Leader | Sarah | Mark | Ryan |",
    "haystack/sample_1.csv": "| Mike Johnson | 47 |",
    "haystack/sample_docx.docx": "Sample Docx File",
    "haystack/sample_docx_1.docx": "History and standardization",
    "haystack/sample_docx_2_page_breaks.docx": "Text here",
    "haystack/sample_docx_3.docx": "Paragraph 1:",
    "haystack/sample_docx_with_links.docx": "History and standardization",
    "haystack/sample_pptx.pptx": "- This is a bullet point",
    "haystack/basic_tables_two_sheets.xlsx": "| 1.5 | test |",
    "haystack/multiple_tables.xlsx": "| 3 | TRUE |",
    "haystack/table_empty_rows_and_columns.xlsx": "| 1.5 | test |",
}


def read(path: Path) -> Extraction:
    media_type = sniff(path, path.name)
    if media_type in LEGACY_OFFICE and shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    return read_file(path, media_type)


def files(shared_data: Path, folder: str) -> Iterator[tuple[str, str, Extraction]]:
    """Name, expectation and reading of the office files of a folder."""
    manifest: list[dict[str, Any]] = json.loads((shared_data / "files" / "manifest.json").read_text())[folder]
    for entry in manifest:
        path = shared_data / "files" / folder / entry["file"]
        if path.suffix != ".pdf":
            yield path.name, entry["expected"]["expected_markdown"], read(path)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_the_expected_text_is_found(shared_data: Path, folder: Folder) -> None:
    weights, shares = [], []
    for name, markdown, extraction in files(shared_data, folder.name):
        expected = expected_words(markdown)
        weights.append(len(expected))
        shares.append(found_share(expected, extraction.text))
        assert shares[-1] >= folder.each, name
    assert sum(weight * share for weight, share in zip(weights, shares, strict=True)) >= folder.all * sum(weights)


@pytest.mark.parametrize("folder", NAMES)
def test_cells_stand_in_the_right_row_and_column(shared_data: Path, folder: str) -> None:
    score = Score(0, 0)
    for _, markdown, extraction in files(shared_data, folder):
        score += measured(pipe_tables(markdown), found_tables(extraction))
    assert score.counted > 0
    assert score.share >= CELLS, score.misses


@pytest.mark.parametrize("name", SEEN)
def test_other_files_are_read(shared_data: Path, name: str) -> None:
    extraction = read(shared_data / "files" / name)
    assert extraction.layout.blocks
    assert SEEN[name] in extraction.text


def test_the_measure_counts_cells_in_the_wrong_column() -> None:
    wanted = [Grid({(0, 0): "a", (0, 1): "b", (1, 0): "c"})]
    assert measured(wanted, [Grid({(0, 0): "a", (0, 1): "b", (1, 1): "c"})]) == Score(
        2, 4, ("(1, 0): 'c', found ''", "(1, 1): '', found 'c'")
    )


def test_the_measure_shifts_a_table_as_a_whole_only() -> None:
    wanted = [Grid({(0, 0): "a", (1, 0): "b"})]
    score = measured(wanted, [Grid({(0, 0): "title", (1, 0): "a", (2, 0): "b"})])
    assert (score.right, score.counted) == (2, 3)


def test_the_measure_counts_a_table_that_is_missing() -> None:
    first, second = Grid({(0, 0): "a"}), Grid({(0, 0): "b", (0, 1): "c"})
    assert measured([first, second], [second]).share == 2 / 3


def test_the_measure_reads_pipe_tables() -> None:
    tables = pipe_tables("text\n\n| **a** | b \\| c |\n| - | - |\n| 1 |  |\n\n| x |")
    assert tables == [Grid({(0, 0): "a", (0, 1): "b|c", (1, 0): "1"}), Grid({(0, 0): "x"})]


def test_the_text_measure_counts_pairs_of_words() -> None:
    assert found_share(["a", "b", "c"], "a b, then c") == 0.5
