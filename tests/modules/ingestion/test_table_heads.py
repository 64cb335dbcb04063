"""What stands above a row of a table."""

import pytest

from footnote.modules.ingestion.models import Block, BlockKind, Extraction, Layout, Page
from footnote.modules.ingestion.table_heads import heads

CAPTION = "It went well. Sales were (in millions):"
ROWS: tuple[tuple[str, BlockKind], ...] = (
    ("| Sales | Sales | Sales |", "table_header"),
    ("| | 2022 | 2021 |", "table_header"),
    ("| Europe | | |", "table_row"),
    ("| Phones | 40 | 39 |", "table_row"),
    ("| Total | 47 | 46 |", "table_row"),
    ("| Income | 9 | 8 |", "table_row"),
)


def above(row: str, caption: str = CAPTION) -> list[str]:
    lines: tuple[tuple[str, BlockKind], ...] = ((caption, "paragraph"), *ROWS)
    text = "\n".join(line for line, _ in lines)
    starts = [text.index(line) for line, _ in lines]
    blocks = [Block(start, start + len(line), kind) for start, (line, kind) in zip(starts, lines, strict=True)]
    extraction = Extraction(text=text, layout=Layout(blocks=tuple(blocks)), media_type="text/html")
    return [text[start:end] for start, end in heads(extraction, text.index(row))]


@pytest.mark.parametrize(("row", "part"), [("Phones", ["Europe"]), ("Total", ["Europe"]), ("Income", [])])
def test_caption_heads_and_part_stand_above_a_row(row: str, part: list[str]) -> None:
    assert above(row) == ["Sales were (in millions):", "Sales", "| | 2022 | 2021 |", *part]


@pytest.mark.parametrize("place", ["2021", "It went well"])
def test_nothing_stands_above_what_is_no_row_but_these(place: str) -> None:
    assert above(place) == []


def test_a_sentence_is_no_caption_where_money_stands_outside_its_brackets() -> None:
    assert above("Phones", "Sales (of phones) were 3 millions (or more)")[0] == "Sales"


def over_the_page(row: str) -> list[str]:
    """What stands above `row` on the second of two pages."""
    lines = ["| Name | Sold |", "| Phones | 40 |", "Page 1", row]
    kinds: list[BlockKind] = ["table_header", "table_row", "furniture", "table_row"]
    text = f"{lines[0]}\n" + "\n\n".join(lines[1:])
    starts = [text.index(line) for line in lines]
    blocks = [Block(start, start + len(line), kind) for start, line, kind in zip(starts, lines, kinds, strict=True)]
    pages = (Page(1, 100, 100, 0, starts[-1] - 2), Page(2, 100, 100, starts[-1], len(text)))
    extraction = Extraction(text=text, layout=Layout(pages=pages, blocks=tuple(blocks)), media_type="application/pdf")
    return [text[start:end] for start, end in heads(extraction, starts[-1])]


def test_a_table_that_goes_on_over_the_page_keeps_its_heads() -> None:
    assert over_the_page("| Laptops | 7 |") == ["| Name | Sold |"]


def test_a_table_with_other_columns_is_another_one() -> None:
    assert over_the_page("| Laptops | 7 | 8 |") == []
