"""What stands above a row of a table."""

import pytest

from footnote.modules.ingestion.models import Block, BlockKind, Extraction, Layout
from footnote.modules.ingestion.table_heads import heads

LINES: tuple[tuple[str, BlockKind], ...] = (
    ("It went well. Sales were (in millions):", "paragraph"),
    ("| Sales | Sales | Sales |", "table_header"),
    ("| | 2022 | 2021 |", "table_header"),
    ("| Europe | | |", "table_row"),
    ("| Phones | 40 | 39 |", "table_row"),
    ("| Total | 47 | 46 |", "table_row"),
    ("| Income | 9 | 8 |", "table_row"),
)
TEXT = "\n".join(line for line, _ in LINES)


def above(row: str) -> list[str]:
    starts = [TEXT.index(line) for line, _ in LINES]
    blocks = [Block(start, start + len(line), kind) for start, (line, kind) in zip(starts, LINES, strict=True)]
    extraction = Extraction(text=TEXT, layout=Layout(blocks=tuple(blocks)), media_type="text/html")
    return [TEXT[start:end] for start, end in heads(extraction, TEXT.index(row))]


@pytest.mark.parametrize(("row", "part"), [("Phones", ["Europe"]), ("Total", ["Europe"]), ("Income", [])])
def test_caption_heads_and_part_stand_above_a_row(row: str, part: list[str]) -> None:
    assert above(row) == ["Sales were (in millions):", "Sales", "| | 2022 | 2021 |", *part]


@pytest.mark.parametrize("place", ["2021", "It went well"])
def test_nothing_stands_above_what_is_no_row_but_these(place: str) -> None:
    assert above(place) == []
