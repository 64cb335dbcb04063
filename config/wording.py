"""What the command line and assistants say alike."""

from typing import Protocol

from footnote.modules.retrieval import Cells


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
    under = "".join(f" › {heading}" for heading in placed.heading_path)
    return f"{', '.join(filter(None, (placed.title, _on(placed))))}{under}"


def withheld(count: int) -> str:
    was, it = ("sentence was", "it") if count == 1 else ("sentences were", "them")
    return f"{count} {was} withheld: no document supports {it}."


def _on(placed: Placed) -> str:
    if placed.pages:
        return f"page{'s' * (len(placed.pages) > 1)} {', '.join(map(str, placed.pages))}"
    if placed.seconds:
        return f"at {_moment(int(placed.seconds[0]))}"
    return ", ".join(f"{cells.sheet} {cells.range}" for cells in placed.cells)


def _moment(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
