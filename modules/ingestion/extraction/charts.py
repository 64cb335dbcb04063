"""The numbers behind a chart of an office file, as a table."""

from lxml import etree

from footnote.modules.ingestion.extraction.composer import Composer
from footnote.modules.ingestion.extraction.wordprocessing import attribute, child, name_of, number

_MAX_POINTS = 10_000  # of one series
_DIGITS = 15  # that a number in a cell is good for


def add_chart(composer: Composer, root: etree._Element) -> None:
    """The title as a paragraph, then a row for each category and a column for each series."""
    title = next(root.iterfind("{*}chart/{*}title"), None)
    if title is not None:
        composer.block(_texts(title, "t"))
    series = [element for element in root.iter("{*}ser") if name_of(element.getparent()).endswith("Chart")]
    columns = [_points(_first(element, "val", "yVal")) for element in series]
    categories = [_points(_first(element, "cat", "xVal")) for element in series]
    labels = max(categories, key=len, default={})
    names = [_name(element) for element in series]
    rows = [[labels.get(index, ""), *(column.get(index, "") for column in columns)] for index in _indexes(columns)]
    if rows:
        composer.table([["", *names], *rows], headers=1)


def _indexes(columns: list[dict[int, str]]) -> list[int]:
    return sorted({index for column in columns for index in column})[:_MAX_POINTS]


def _first(series: etree._Element, *names: str) -> etree._Element | None:
    return next((found for name in names if (found := child(series, name)) is not None), None)


def _name(series: etree._Element) -> str:
    label = child(series, "tx")
    return "" if label is None else _texts(label, "v")


def _texts(element: etree._Element, name: str) -> str:
    return " ".join(inner.text or "" for inner in element.iter(f"{{*}}{name}"))


def _points(values: etree._Element | None) -> dict[int, str]:
    """What the chart keeps of the cells that it shows; of categories on several levels, the innermost."""
    if values is None:
        return {}
    level = next(values.iter("{*}lvl"), values)
    return {number(point, "idx"): _rounded(point.findtext("{*}v") or "") for point in level.iter("{*}pt")}


def _rounded(words: str) -> str:
    """What is kept of a number are the digits of its binary form: 4.4000000000000004 for 4.4."""
    try:
        return f"{float(words):.15g}" if len(words) > _DIGITS else words
    except ValueError:
        return words


def chart_ids(element: etree._Element) -> list[str]:
    """The relationships to the charts that a paragraph or a shape shows."""
    return [attribute(chart, "id") or "" for chart in element.iter("{*}chart")]
