"""PDFs with tables whose cells are known, drawn at random from a seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from support.grid_measure import Grid

KINDS = (
    *("ruled", "half_ruled", "borderless", "shaded", "filled", "sparse", "words", "spanning", "wrapped", "tiled"),
    *("wrapped_labels", "grouped", "financial", "beside", "sideways", "rotated"),
)
ALONE = ("beside", "sideways", "rotated")  # kinds that are one to a document
_FONTS = ("Helvetica", "Times-Roman", "Courier")
_WORDS_TEXT = (
    "revenue cost margin income expense tax share asset debt equity inventory lease goodwill capital reserve "
    "total net gross other current deferred accrued operating foreign domestic product service licence region "
    "unit plant north south east west spring summer autumn winter first second third fourth annual monthly "
    "average maximum minimum pressure volume weight length width height speed power current voltage sample batch "
    "method result control"
)
_PROSE_TEXT = (
    "The committee met in the spring and heard reports from every region about the work of the past year. Most of "
    "the questions concerned the cost of materials, which had risen faster than anybody had foreseen, and the "
    "time that it took to find people who knew the older machines. It was agreed to look at both again before the "
    "end of the summer, and to write down what had been learned so that others would not have to find it out "
    "anew."
)
_WORDS, _PROSE = _WORDS_TEXT.split(), _PROSE_TEXT.split()


@dataclass
class DrawnTable:
    kind: str
    grid: Grid
    header_rows: int
    page: int = 1  # the first it stands on


@dataclass
class DrawnPdf:
    path: Path
    tables: list[DrawnTable] = field(default_factory=list)


def draw_tables(path: Path, kinds: list[str], seed: int) -> DrawnPdf:
    """One table of each kind, one after the other, with running text between them.

    Those of `ALONE` need a document of their own: `beside` running text in two columns, `sideways` text that runs up
    an upright page, `rotated` upright text on a page that is shown turned.
    """
    dice = random.Random(seed)
    drawn = DrawnPdf(path)
    story: list[Flowable] = []
    for kind in kinds:
        shape = dice.choice(("ruled", "half_ruled", "financial")) if kind in ("sideways", "rotated") else kind
        shape = dice.choice(("ruled", "half_ruled", "borderless")) if kind == "beside" else shape
        table, flowable = _table(shape, dice, 3 if kind == "beside" else 6)
        table.kind = kind
        drawn.tables.append(table)
        story += [_prose(dice), Spacer(1, 14), _Noted(flowable, table), Spacer(1, 14)]
    story.append(_prose(dice))
    size = dice.choice((A4, letter))
    if kinds[0] == "sideways":
        _draw_sideways(path, story, size)
    else:
        rotation = dice.choice((90, 180, 270)) if kinds[0] == "rotated" else 0
        _draw(path, story * 3 if kinds[0] == "beside" else story, size, rotation, 1 + (kinds[0] == "beside"))
    return drawn


def draw_long_table(path: Path, rows: int, seed: int) -> DrawnPdf:
    """A ruled table over several pages, its heads repeated on each."""
    dice = random.Random(seed)
    grid = _plain_grid(dice, rows, 4)
    flowable = Table(grid, repeatRows=1)
    flowable.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), *_type(dice)]))
    _draw(path, [_prose(dice), Spacer(1, 12), flowable], A4)
    return DrawnPdf(path, [DrawnTable("ruled", grid, 1)])


class _Noted(KeepTogether):
    """Notes the page that its table is drawn on."""

    def __init__(self, flowable: Flowable, table: DrawnTable) -> None:
        super().__init__([_Mark(table), flowable])


class _Mark(Flowable):
    def __init__(self, table: DrawnTable) -> None:
        super().__init__()
        self._table = table

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self._table.page = self.canv.getPageNumber()


def _draw(path: Path, story: list[Flowable], size: tuple[float, float], rotation: int = 0, columns: int = 1) -> None:
    def turn(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setPageRotation(rotation)

    document = BaseDocTemplate(str(path), pagesize=size, invariant=1)
    width = (size[0] - 108 - 20 * (columns - 1)) / columns
    frames = [Frame(54 + index * (width + 20), 54, width, size[1] - 108) for index in range(columns)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=turn))
    document.build(story)


def _draw_sideways(path: Path, story: list[Flowable], size: tuple[float, float]) -> None:
    """On an upright sheet, turned by a quarter so that the text runs up."""
    wide, tall = landscape(size)

    def turn(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.translate(tall, 0)
        canvas.rotate(90)

    document = BaseDocTemplate(str(path), pagesize=(tall, wide), invariant=1)
    document.addPageTemplates(PageTemplate(frames=[Frame(54, 54, wide - 108, tall - 108)], onPage=turn))
    document.build(story)


def _table(kind: str, dice: random.Random, most_columns: int) -> tuple[DrawnTable, Flowable]:
    rows, columns = dice.randint(4, 14), dice.randint(2, most_columns)
    special = {
        "spanning": _spanning,
        "wrapped": _wrapped,
        "tiled": _tiled,
        "wrapped_labels": _wrapped_labels,
        "grouped": _grouped,
        "financial": _financial,
    }
    if kind in special:
        return special[kind](dice, rows)
    grid = _words_grid(dice, rows, min(columns + 1, 5)) if kind == "words" else _plain_grid(dice, rows, columns)
    if kind == "sparse":
        grid[1:] = [[row[0], *(cell if dice.random() < 0.7 else "" for cell in row[1:])] for row in grid[1:]]
    styles = {
        "words": _booktabs(1),
        "sparse": dice.choice((_booktabs(1), [("GRID", (0, 0), (-1, -1), 0.5, colors.black)])),
        "filled": [
            ("BACKGROUND", (0, 0), (-1, -1), colors.lightgrey),
            ("GRID", (0, 0), (-1, -1), 2, colors.white),
        ],
        "ruled": [("GRID", (0, 0), (-1, -1), dice.choice((0.25, 0.5, 1.0)), colors.black)],
        "half_ruled": _booktabs(1),
        "borderless": [],
        "shaded": [("ROWBACKGROUNDS", (0, 1), (-1, -1), (colors.whitesmoke, colors.white))],
    }
    return _styled(DrawnTable(kind, grid, 1), grid, [*styles[kind], *_type(dice), *_alignment(dice, columns)], dice)


def _styled(
    table: DrawnTable, cells: list[list[object]] | Grid, style: list[tuple[object, ...]], dice: random.Random
) -> tuple[DrawnTable, Flowable]:
    flowable = Table(cells, hAlign=dice.choice(("LEFT", "CENTER")), spaceBefore=6)
    flowable.setStyle(TableStyle(style))
    return table, flowable


def _booktabs(heads: int) -> list[tuple[object, ...]]:
    return [
        ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, heads - 1), (-1, heads - 1), 0.5, colors.black),
        ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
    ]


def _type(dice: random.Random) -> list[tuple[object, ...]]:
    padding = dice.choice((2, 3, 5))
    return [
        ("FONT", (0, 0), (-1, -1), dice.choice(_FONTS), dice.choice((7, 8, 9, 10))),
        ("TOPPADDING", (0, 0), (-1, -1), padding),
        ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
        ("LEFTPADDING", (0, 0), (-1, -1), dice.choice((5, 6, 9))),
        ("RIGHTPADDING", (0, 0), (-1, -1), dice.choice((5, 6, 9))),
    ]


def _alignment(dice: random.Random, columns: int) -> list[tuple[object, ...]]:
    return [("ALIGN", (1, 0), (columns - 1, -1), dice.choice(("RIGHT", "CENTER", "LEFT", "RIGHT")))]


def _plain_grid(dice: random.Random, rows: int, columns: int) -> Grid:
    heads = [_label(dice, 1, 2) for _ in range(columns)]
    return [heads, *([_label(dice, 1, 3), *(_number(dice) for _ in range(columns - 1))] for _ in range(rows))]


def _words_grid(dice: random.Random, rows: int, columns: int) -> Grid:
    return [[_label(dice, 1, 2 if index else 1) for _ in range(columns)] for index in range(rows + 1)]


def _label(dice: random.Random, least: int, most: int) -> str:
    return " ".join(dice.sample(_WORDS, dice.randint(least, most))).capitalize()


def _number(dice: random.Random) -> str:
    value = dice.choice((dice.randint(0, 99), dice.randint(100, 99_999), dice.randint(100_000, 9_999_999)))
    return dice.choice((f"{value:,}", f"{value:,}", f"{value / 100:,.2f}", f"({value:,})", f"{value % 100}.5%"))


def _spanning(dice: random.Random, rows: int) -> tuple[DrawnTable, Flowable]:
    """Two rows of heads, the upper over two columns each; a label over two rows; ruled."""
    groups = dice.randint(1, 2)
    upper, lower = _label(dice, 1, 2), [_label(dice, 1, 1) for _ in range(2 * groups)]
    heads = [_label(dice, 2, 2) for _ in range(groups)]
    body = [[_label(dice, 1, 2), *(_number(dice) for _ in lower)] for _ in range(rows)]
    body[1][0] = body[0][0]
    grid = [[upper, *(head for head in heads for _ in range(2))], [upper, *lower], *body]
    cells = [[cell if grid[0].index(cell) == index else "" for index, cell in enumerate(grid[0])], ["", *lower], *body]
    cells[3] = ["", *body[1][1:]]
    spans = [("SPAN", (1 + 2 * group, 0), (2 + 2 * group, 0)) for group in range(groups)]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("SPAN", (0, 0), (0, 1)),
        ("SPAN", (0, 2), (0, 3)),
        ("VALIGN", (0, 0), (0, -1), dice.choice(("TOP", "MIDDLE"))),
        ("ALIGN", (1, 0), (-1, 0), "CENTER"),
        *spans,
        *_type(dice),
    ]
    return _styled(DrawnTable("spanning", grid, 2), cells, style, dice)


def _wrapped(dice: random.Random, rows: int) -> tuple[DrawnTable, Flowable]:
    """Ruled, with text that runs over several lines of a cell."""
    return _of_sentences("wrapped", dice, rows, lambda _: [("GRID", (0, 0), (-1, -1), 0.5, colors.grey)])


def _tiled(dice: random.Random, rows: int) -> tuple[DrawnTable, Flowable]:
    """The cells are areas of two colours, as in presentations, without a ruling."""
    shades = (colors.lavender, colors.lightblue)

    def fills(grid: Grid) -> list[tuple[object, ...]]:
        places = product(range(len(grid)), range(len(grid[0])))
        return [("BACKGROUND", (column, row), (column, row), shades[row % 2]) for row, column in places]

    return _of_sentences("tiled", dice, rows, fills)


def _of_sentences(
    kind: str, dice: random.Random, rows: int, looks: Callable[[Grid], list[tuple[object, ...]]]
) -> tuple[DrawnTable, Flowable]:
    style = ParagraphStyle("cell", fontName=dice.choice(_FONTS[:2]), fontSize=9, leading=11)
    heads = [_label(dice, 1, 2) for _ in range(3)]
    body = [[_label(dice, 1, 2), _sentence(dice), _number(dice)] for _ in range(min(rows, 6))]
    cells = [heads, *([name, Paragraph(text, style), number] for name, text, number in body)]
    grid = [heads, *body]
    flowable = Table(cells, colWidths=[110, 190, 70])
    flowable.setStyle(TableStyle([*looks(grid), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return DrawnTable(kind, grid, 1), flowable


def _wrapped_labels(dice: random.Random, rows: int) -> tuple[DrawnTable, Flowable]:
    """Rules above and below only; some labels run over two lines, with more space between rows than between lines."""
    style = ParagraphStyle("label", fontName="Helvetica", fontSize=9, leading=10.5)
    heads = ["", *(_label(dice, 1, 1) for _ in range(3))]
    labels = [_label(dice, *((2, 3) if dice.random() < 0.7 else (8, 9))) for _ in range(rows)]
    body = [[label, *(_number(dice) for _ in heads[1:])] for label in labels]
    cells = [heads, *([Paragraph(row[0], style), *row[1:]] for row in body)]
    flowable = Table(cells, colWidths=[150, 70, 70, 70])
    place = dice.choice(("TOP", "BOTTOM"))
    looks = [("ALIGN", (1, 0), (-1, -1), "RIGHT"), ("VALIGN", (0, 0), (-1, -1), place)]
    flowable.setStyle(TableStyle([*_booktabs(1), *looks, ("FONTSIZE", (0, 0), (-1, -1), 9)]))
    return DrawnTable("wrapped_labels", [heads, *body], 1), flowable


def _grouped(dice: random.Random, rows: int) -> tuple[DrawnTable, Flowable]:
    """As in papers: rules above and below and below the heads, of which the upper are centred over two columns each."""
    groups = dice.randint(2, 3)
    upper, lower = [_label(dice, 1, 1) for _ in range(groups)], [_label(dice, 1, 1) for _ in range(2 * groups)]
    body = [[_label(dice, 1, 2), *(f"{dice.uniform(0, 100):.1f}" for _ in lower)] for _ in range(rows)]
    grid = [["", *(head for head in upper for _ in range(2))], ["Method", *lower], *body]
    cells = [["", *(cell for head in upper for cell in (head, ""))], *grid[1:]]
    style = [
        *_booktabs(2),
        *(("SPAN", (1 + 2 * group, 0), (2 + 2 * group, 0)) for group in range(groups)),
        *(("LINEBELOW", (1 + 2 * group, 0), (2 + 2 * group, 0), 0.4, colors.black) for group in range(groups)),
        ("ALIGN", (1, 0), (-1, -1), "CENTER"),
        *_type(dice),
    ]
    return _styled(DrawnTable("grouped", grid, 2), cells, style, dice)


def _sentence(dice: random.Random) -> str:
    start = dice.randrange(len(_PROSE) - 24)
    return " ".join(_PROSE[start : start + dice.randint(8, 22)])


def _financial(dice: random.Random, rows: int) -> tuple[DrawnTable, Flowable]:
    """As in annual reports: periods over pairs of years, currencies apart from their numbers, rules below heads."""
    periods = ["Three months ended", "Nine months ended"]
    years = ["2023", "2022"] * 2
    numbers = [[f"{dice.randint(1_000, 99_999):,}" for _ in years] for _ in range(rows)]
    labels = [_label(dice, 2, 4) for _ in range(rows)]
    cells = [
        ["", periods[0], *[""] * 5, periods[1], *[""] * 4],
        ["", *(cell for year in years for cell in (year, "", ""))][:12],
    ]
    for index, (label, row) in enumerate(zip(labels, numbers, strict=True)):
        sign = "$" if index in (0, rows - 1) else ""
        cells.append([label, *(cell for number in row for cell in (sign, number, ""))][:12])
    spans = [("SPAN", (1, 0), (5, 0)), ("SPAN", (7, 0), (11, 0))]
    spans += [("SPAN", (1 + 3 * index, 1), (2 + 3 * index, 1)) for index in range(4)]
    rules = [("LINEBELOW", (1, 0), (5, 0), 0.5, colors.black), ("LINEBELOW", (7, 0), (11, 0), 0.5, colors.black)]
    rules += [("LINEBELOW", (1 + 3 * index, 1), (2 + 3 * index, 1), 0.5, colors.black) for index in range(4)]
    style = [*_type(dice), *spans, *rules, ("ALIGN", (1, 0), (-1, 1), "CENTER"), ("ALIGN", (2, 2), (-1, -1), "RIGHT")]
    style += [("LEFTPADDING", (1, 0), (-1, -1), 2), ("RIGHTPADDING", (1, 0), (-1, -1), 2)]
    grid = [["", periods[0], periods[0], periods[1], periods[1]], ["", *years]]
    for index, (label, row) in enumerate(zip(labels, numbers, strict=True)):
        sign = "$ " if index in (0, rows - 1) else ""
        grid.append([label, *(sign + number for number in row)])
    return _styled(DrawnTable("financial", grid, 2), cells, style, dice)


def _prose(dice: random.Random) -> Paragraph:
    style = ParagraphStyle("prose", fontName=dice.choice(_FONTS[:2]), fontSize=10, leading=12.5)
    start = dice.randrange(12)
    return Paragraph(" ".join(_PROSE[start:] + _PROSE[: dice.randint(0, 30)]), style)
