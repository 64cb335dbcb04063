"""Measures how many cells of PDF tables are found in the right row and column.

On tables drawn by script, and on PDFs with the Markdown that is expected of them: the pipe tables in
`expected.expected_markdown` of a `manifest.json`. The measure is that of tests/support/grid_measure.py.
"""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.drawn_tables import ALONE, KINDS, draw_long_table, draw_tables
from support.grid_measure import Grid, cells_right, page_grids, pipe_tables, wrong_cells

Case = tuple[str, Grid, list[Grid]]  # what it is, the table as it should be, those that were found


@click.command()
@click.option("--documents", type=int, default=20, help="PDFs to draw of each kind.")
@click.option("--seed", type=int, default=0)
@click.option("--manifest", type=click.Path(path_type=Path, exists=True), help="manifest.json beside its PDFs.")
@click.option("--failures", is_flag=True, help="List the cells that are not right.")
def main(documents: int, seed: int, manifest: Path | None, failures: bool) -> None:
    _report(_drawn(documents, seed), failures=failures)
    if manifest:
        _report(_expected(manifest), failures=failures)


def _drawn(documents: int, seed: int) -> Iterator[Case]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.pdf"
        for number in range(seed, seed + documents):
            for kind in KINDS:
                drawn = draw_tables(path, [kind] if kind in ALONE else [kind] * 2, number)
                pages = page_grids(path)
                for table in drawn.tables:
                    yield kind, table.grid, pages[table.page - 1]
            drawn = draw_long_table(path, 90, number)
            yield "over pages", drawn.tables[0].grid, [_continued(page_grids(path))]


def _continued(pages: list[list[Grid]]) -> Grid:
    """The first table of each page, the heads of the first only."""
    return [row for index, page in enumerate(pages) for row in page[0][bool(index) :]]


def _expected(manifest: Path) -> Iterator[Case]:
    for entry in json.loads(manifest.read_text(encoding="utf-8")):
        markdown = (entry.get("expected") or {}).get("expected_markdown")
        for table in pipe_tables(markdown or ""):
            found = [grid for page in page_grids(manifest.parent / entry["file"]) for grid in page]
            yield entry["file"], table, found


def _report(cases: Iterator[Case], *, failures: bool) -> None:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, expected, found in cases:
        right, total = cells_right(expected, found)
        for key in (name, "all"):
            sums[key][0] += right
            sums[key][1] += total
        if failures:
            for row, column, text in wrong_cells(expected, found):
                click.echo(f"{name}: row {row}, column {column}: {text}")
    for name, (right, total) in sums.items():
        click.echo(f"{name}: {right} of {total} cells, {right / max(total, 1):.1%}")


if __name__ == "__main__":
    main()
