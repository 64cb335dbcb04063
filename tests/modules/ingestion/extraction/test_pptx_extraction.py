"""PowerPoint files: slides, what is on them in reading order, notes."""

from collections.abc import Callable
from pathlib import Path

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from support.office_files import saved
from support.reading import read_file

from footnote.modules.ingestion.extraction.kinds import PPTX
from footnote.modules.ingestion.models import Extraction

Write = Callable[[str, bytes], Path]
Read = Callable[[pptx.presentation.Presentation], Extraction]


@pytest.fixture
def read(write: Write) -> Read:
    return lambda presentation: read_file(write("a.pptx", saved(presentation)), PPTX)


@pytest.fixture
def presentation() -> pptx.presentation.Presentation:
    return pptx.Presentation()


def slide(presentation: pptx.presentation.Presentation, layout: str = "Blank") -> pptx.slide.Slide:
    return presentation.slides.add_slide(presentation.slide_layouts.get_by_name(layout))


def put(slide: pptx.slide.Slide, words: str, left: float, top: float) -> None:
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1)).text_frame.text = words


def test_a_slide_is_headed_by_its_number_and_title(read: Read, presentation: pptx.presentation.Presentation) -> None:
    slide(presentation, "Title Only").shapes.title.text = "Results"
    put(slide(presentation), "no title", 1, 1)
    extraction = read(presentation)
    assert extraction.text == "Slide 1: Results\n\nSlide 2\n\nno title"
    assert [heading.level for heading in extraction.layout.headings] == [1, 1]


def test_shapes_are_read_from_the_top_and_then_from_the_left(
    read: Read, presentation: pptx.presentation.Presentation
) -> None:
    page = slide(presentation)
    for words, left, top in (("last", 1, 4), ("right", 5, 1), ("left", 1, 1.1)):
        put(page, words, left, top)
    assert read(presentation).text == "Slide 1\n\nleft\n\nright\n\nlast"


def test_the_body_of_a_slide_is_a_list(read: Read, presentation: pptx.presentation.Presentation) -> None:
    body = slide(presentation, "Title and Content").placeholders[1].text_frame
    body.text = "first"
    deeper = body.add_paragraph()
    deeper.text, deeper.level = "inside", 1
    assert read(presentation).text == "Slide 1\n\n- first\n  - inside"


def test_automatic_numbers_are_written(read: Read, presentation: pptx.presentation.Presentation) -> None:
    page = slide(presentation)
    put(page, "a\nb", 1, 1)
    for paragraph in page.shapes[0].text_frame.paragraphs:
        numbers = paragraph._p.get_or_add_pPr().makeelement(
            "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum",
            {"type": "romanUcParenR", "startAt": "3"},
        )
        paragraph._p.pPr.append(numbers)
    assert read(presentation).text == "Slide 1\n\nIII) a\nIV) b"


def test_groups_are_read_where_they_stand(read: Read, presentation: pptx.presentation.Presentation) -> None:
    page = slide(presentation)
    put(page, "below", 1, 5)
    group = page.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(1), Inches(1), Inches(1)).text_frame.text = "grouped"
    assert read(presentation).text == "Slide 1\n\ngrouped\n\nbelow"


def test_a_merged_cell_stands_in_every_slot(read: Read, presentation: pptx.presentation.Presentation) -> None:
    table = slide(presentation).shapes.add_table(2, 3, 0, 0, Inches(6), Inches(2)).table
    table.cell(0, 0).merge(table.cell(0, 1))
    for row, column, words in ((0, 0, "wide"), (0, 2, "c"), (1, 0, "1"), (1, 2, "3")):
        table.cell(row, column).text = words
    extraction = read(presentation)
    assert extraction.text == "Slide 1\n\n| wide | wide | c |\n| 1 |  | 3 |"
    assert [block.kind for block in extraction.layout.blocks[1:]] == ["table_header", "table_row"]


def test_a_chart_is_read_as_the_table_behind_it(read: Read, presentation: pptx.presentation.Presentation) -> None:
    numbers = CategoryChartData()
    numbers.categories = ["2023", "2024"]
    numbers.add_series("Sales", (1.1 + 2.2, 4))
    place = (Inches(1), Inches(1), Inches(4), Inches(3))
    slide(presentation).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, numbers)
    extraction = read(presentation)
    assert extraction.text == "Slide 1\n\n|  | Sales |\n| 2023 | 3.3 |\n| 2024 | 4 |"
    assert "embedded" in extraction.warnings[0]


def test_notes_are_marked_as_notes(read: Read, presentation: pptx.presentation.Presentation) -> None:
    slide(presentation).notes_slide.notes_text_frame.text = "Say hello"
    assert read(presentation).text == "Slide 1\n\nNotes: Say hello"


def test_hidden_slides_are_kept(read: Read, presentation: pptx.presentation.Presentation) -> None:
    page = slide(presentation)
    put(page, "hidden", 1, 1)
    page._element.set("show", "0")
    assert "hidden" in read(presentation).text


def test_the_number_and_the_foot_of_a_slide_are_left_out(
    read: Read, presentation: pptx.presentation.Presentation
) -> None:
    page = slide(presentation)
    put(page, "foot", 1, 7)
    placeholder = page.shapes[0]._element.nvSpPr.nvPr._add_ph()
    placeholder.set("type", "ftr")
    assert read(presentation).text == "Slide 1"


def test_layouts_that_slides_share_are_unpacked_once(
    write: Write, presentation: pptx.presentation.Presentation
) -> None:
    for number in range(40):
        slide(presentation, "Title Only").shapes.title.text = f"Title {number}"
    extraction = read_file(write("a.pptx", saved(presentation)), PPTX, max_unpacked_bytes=200_000)
    assert len(extraction.layout.headings) == 40
