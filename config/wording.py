"""What the command line and assistants say alike."""

import re
from itertools import groupby
from typing import Protocol

from footnote.modules.retrieval import Cells

_MARK = re.compile(r"(?:^|(?<=\s))\|(?=\s|$)")


class Placed(Protocol):
    """A passage, or a citation."""

    @property
    def title(self) -> str: ...

    @property
    def pages(self) -> tuple[int, ...]: ...

    @property
    def heading_path(self) -> tuple[str, ...]: ...

    @property
    def cells(self) -> tuple[Cells, ...]: ...

    @property
    def seconds(self) -> tuple[float, float] | None: ...


def located(placed: Placed) -> str:
    """`Report, page 3 › Costs`; `Budget, 2026 B2:D3` of a spreadsheet, `Interview, at 1:05` of a recording."""
    sheets = {cells.sheet for cells in placed.cells}  # head what stands in them, and are named already
    under = "".join(f" › {heading}" for heading in placed.heading_path if heading not in sheets)
    return f"{', '.join(filter(None, (placed.title, _on(placed))))}{under}"


def row_in_words(text: str) -> str:
    """`| Revenue | 63.9 |` as `Revenue · 63.9`, and so three cells or more without marks around them; else as it is."""
    cells = [cell for cell in map(str.strip, _MARK.split(text)) if cell]
    is_row = text.startswith("| ") or len(_MARK.findall(text)) > 1
    return " · ".join(cells) if is_row else text


def withheld(count: int) -> str:
    was, it = ("sentence was", "it") if count == 1 else ("sentences were", "them")
    return f"{count} {was} withheld: no document supports {it}."


def _on(placed: Placed) -> str:
    if placed.pages:
        return f"page{'s' * (len(placed.pages) > 1)} {', '.join(map(str, placed.pages))}"
    if placed.seconds:
        return f"at {_moment(int(placed.seconds[0]))}"
    sheets = groupby(placed.cells, key=lambda cells: cells.sheet)
    return ", ".join(f"{sheet} {', '.join(each.range for each in cells)}" for sheet, cells in sheets)


def _moment(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
