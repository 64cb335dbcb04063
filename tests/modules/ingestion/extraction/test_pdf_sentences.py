"""PDF: sentences that lines, columns and pages cut are whole again."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from support.reading import read_file

from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.extraction.pdf_hyphens import Hyphens
from footnote.modules.ingestion.models import Extraction
from footnote.modules.ingestion.places import place

Draw = Callable[..., Path]
Column = tuple[float, float, Sequence[str]]  # x, y of the first line, lines


@pytest.fixture
def write_pages(tmp_path: Path) -> Callable[..., Extraction]:
    """Reads a PDF of pages of 600 by 800 points, each given by its columns."""

    def write(*pages: Sequence[Column]) -> Extraction:
        canvas = Canvas(str(tmp_path / "pages.pdf"), pagesize=(600, 800))
        for columns in pages:
            canvas.setFont("Helvetica", 10)
            for x, y, lines in columns:
                for row, line in enumerate(lines):
                    canvas.drawString(x, y - 12 * row, line)
            canvas.showPage()
        canvas.save()
        return read_file(tmp_path / "pages.pdf", PDF)

    return write


def test_a_word_cut_at_the_end_of_a_line_is_whole(write_pages: Callable[..., Extraction]) -> None:
    extraction = write_pages([(60, 700, ("Nobody had seen such an exam-", "ple of it in all those years."))])
    assert extraction.text == "Nobody had seen such an example of it in all those years."
    start = extraction.text.index("example")
    words = [word for word in extraction.layout.words if start <= word.start < start + 7]
    assert [extraction.text[word.start : word.end] for word in words] == ["exam", "ple"]
    assert words[0].end == words[1].start
    assert len(place(extraction, start, start + 7).boxes) == 2


def test_the_documents_own_words_decide_on_the_hyphen(write_pages: Callable[..., Extraction]) -> None:
    lines = ("We are well-known and we love co-", "operation; they are well-", "known. Our cooperation lasts.")
    assert "love cooperation; they are well-known. Our" in write_pages([(60, 700, lines)]).text


@pytest.mark.parametrize(
    ("cut", "rest", "words", "healed"),
    [
        ("exam-", "ple,", "", "exam"),
        ("exam\u00ad", "ple", "", "exam"),
        ("(exam-", "ple)", "", "(exam"),
        ("an/'exam-", "ple", "", "an/'exam"),
        ("long-", "term", "a long-term plan", "long-"),
        ("long-", "term", "the longterm plan", "long"),
        ("Jean-", "Pierre", "", "Jean-"),
        ("COVID-", "related", "", "COVID-"),
        ("state-of-the-", "art", "", "state-of-the-"),
        ("short-", "and", "", None),
        ("2018–", "23–51", "", "2018–"),
        ("years–", "then", "", None),
        ("-", "then", "", None),
        ("years.-", "then", "", None),
        ("page", "two", "", None),
    ],
)
def test_hyphens_go_where_the_word_has_none(cut: str, rest: str, words: str, healed: str | None) -> None:
    assert Hyphens(words.split()).healed(cut, rest) == healed


def test_a_paragraph_goes_on_over_the_page(write_pages: Callable[..., Extraction]) -> None:
    extraction = write_pages(
        [(60, 100, ("The last line of the first page does not end", "with a full stop, because the sentence"))],
        [(60, 740, ("goes on with the next page, where it ends.",))],
    )
    (block,) = extraction.layout.blocks
    first, second = extraction.layout.pages
    assert (block.start, block.end) == (0, len(extraction.text))
    assert extraction.text[first.start : first.end].endswith("the sentence")
    assert extraction.text[second.start : second.end].startswith("goes on")


def test_a_paragraph_goes_on_in_the_next_column(write_pages: Callable[..., Extraction]) -> None:
    left = ["a column of text whose lines are this long", *["and more words in the left one of both"] * 10]
    right = ["go on to the right and end there at last."]
    extraction = write_pages([(40, 700, left), (320, 700, right)])
    assert len(extraction.layout.blocks) == 1


@pytest.mark.parametrize("start", ["The next page begins anew.", "2. another point"])
def test_what_begins_anew_is_not_joined(write_pages: Callable[..., Extraction], start: str) -> None:
    extraction = write_pages(
        [(60, 100, ("The last line of the first page does not end", "with a full stop, whatever it was to say"))],
        [(60, 740, (start,))],
    )
    assert len(extraction.layout.blocks) == 2


def test_a_sentence_that_ended_is_not_joined(write_pages: Callable[..., Extraction]) -> None:
    extraction = write_pages(
        [(60, 100, ("The last line of the first page does end", "with a full stop after the sentence."))],
        [(60, 740, ("iPods were on the next page.",))],
    )
    assert len(extraction.layout.blocks) == 2


def test_a_sign_that_is_drawn_after_the_text_stands_in_its_line(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 700, "The name of the product")
        canvas.drawString(180, 700, "is protected by the law of the land.")
        canvas.drawString(60, 688, "Nobody else may use the name for anything.")
        canvas.setFont("Helvetica", 6)
        canvas.drawString(171, 703, "®")

    assert read_file(draw(paint), PDF).text.startswith("The name of the product ® is protected")


def test_headings_in_one_column_are_no_cells_beside_the_text_of_another(
    write_pages: Callable[..., Extraction],
) -> None:
    text = [f"some words of the body in line {row}" for row in range(20)]
    left = [(60.0, 700.0, ["Short title"]), (60.0, 640.0, text)]
    right = [(330.0, 700.0, text), (330.0, 448.0, ["Another title"])]
    extraction = write_pages([(60, 760, ["Header over all of it"]), *left, *right, (60, 780, ["drawn last"])])
    assert "Short title\n\nsome words" in extraction.text
    assert not any(block.kind == "table_row" for block in extraction.layout.blocks)
