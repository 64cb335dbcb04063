"""PDF: comments and filled forms are text, too."""

from collections.abc import Callable
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from support.reading import read_file

from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.models import Extraction

Draw = Callable[..., Path]


def paragraphs(extraction: Extraction) -> list[str]:
    return [extraction.text[block.start : block.end] for block in extraction.layout.blocks]


def test_comments_follow_the_text_of_their_page(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.textAnnotation("This is wrong,\nI think", Rect=(100, 600, 120, 620))
        canvas.drawString(60, 700, "What the page says.")

    extraction = read_file(draw(paint), PDF)
    assert paragraphs(extraction) == ["What the page says.", "Note: This is wrong, I think"]
    assert extraction.layout.pages[0].end == len(extraction.text)


def test_the_words_of_a_comment_stand_where_its_rectangle_is(draw: Draw) -> None:
    extraction = read_file(draw(lambda canvas: canvas.textAnnotation("Wrong", Rect=(100, 600, 120, 620))), PDF)
    assert [(word.x0, word.y0, word.x1, word.y1) for word in extraction.layout.words] == [(100, 180, 120, 200)] * 2


def test_a_comment_beside_the_page_is_not_lost(draw: Draw) -> None:
    extraction = read_file(draw(lambda canvas: canvas.textAnnotation("Wrong", Rect=(-90, -90, -80, -80))), PDF)
    word = extraction.layout.words[0]
    assert (word.x0, word.y0, word.x1, word.y1) == (0, 0, 600, 800)


def test_links_and_empty_comments_say_nothing(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.textAnnotation(" ", Rect=(100, 600, 120, 620))
        canvas.linkURL("https://example.org", (10, 10, 50, 50))
        canvas.drawString(60, 700, "What the page says.")

    assert read_file(draw(paint), PDF).text == "What the page says."


def test_what_a_form_was_filled_with_is_told_with_the_name_of_the_field(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Application")
        canvas.acroForm.textfield(name="city", tooltip="Place of birth", value="Bad Ems", x=60, y=600)
        canvas.acroForm.textfield(name="nothing", value="", x=60, y=560)
        canvas.acroForm.checkbox(name="member", tooltip="Member", checked=True, x=60, y=520)
        canvas.acroForm.checkbox(name="guest", tooltip="Guest", checked=False, x=60, y=480)

    assert paragraphs(read_file(draw(paint), PDF)) == ["Application", "Place of birth: Bad Ems", "Member: yes"]


def test_a_value_that_the_page_shows_anyway_is_not_told_twice(draw: Draw) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Born in Bad Ems")
        canvas.acroForm.textfield(name="city", value="Bad Ems", x=60, y=600)

    assert read_file(draw(paint), PDF).text == "Born in Bad Ems"
