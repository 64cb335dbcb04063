"""The rulings that a PDF page draws: lines, thin rectangles, edges of frames; and the fills behind cells."""

import itertools
from collections.abc import Iterable, Iterator
from ctypes import c_float, c_int, c_uint
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from footnote.modules.ingestion.extraction.pdf_words import PageFrame, Rectangle

_THIN = 3.0  # points; what is thicker is an area
_SHORTEST = 5.0  # points; what is shorter is part of a drawing
_NEAR = 2.0  # points within which rulings are one
_REACH = 3.0  # points of nothing that a ruling jumps: dots, dashes, pieces that were drawn cell by cell
_FULL_WHITE = 250  # of 255
_LIGHT = 190  # of 255
_LINE = 1.2  # points; what is thicker and light is the background of a narrow cell
_MOST_OBJECTS = 40_000  # of a page; beyond are maps and drawings
_MOST_SEGMENTS = 400  # of a path; likewise
_BOX_SEGMENTS = 6  # of the path of a rectangle, at most
_DEEPEST = 4  # forms within forms

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(slots=True)
class Ruling:
    """A line: at `at` across its direction, from `start` to `end` along it."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Rulings:
    across: list[Ruling] = field(default_factory=list)  # `at` is y
    down: list[Ruling] = field(default_factory=list)  # `at` is x
    fills: list[Rectangle] = field(default_factory=list)

    def merged(self) -> "Rulings":
        return Rulings(_merged(self.across), _merged(self.down), self.fills)


def page_rulings(page: pdfium.PdfPage, frame: PageFrame) -> Rulings:
    """Places on the page as displayed."""
    rulings = Rulings()
    for box, is_area in _rectangles(page):
        _sort_in(frame.displayed(*box), is_area, frame, rulings)
    return rulings.merged()


def _sort_in(box: Rectangle, is_area: bool, frame: PageFrame, rulings: Rulings) -> None:
    x0, y0, x1, y1 = box
    if x1 < 0 or y1 < 0 or x0 > frame.width or y0 > frame.height:
        return
    wide, tall = x1 - x0, y1 - y0
    if tall <= _THIN and wide > tall:
        rulings.across.append(Ruling((y0 + y1) / 2, x0, x1))
    elif wide <= _THIN and tall > wide:
        rulings.down.append(Ruling((x0 + x1) / 2, y0, y1))
    elif is_area and min(wide, tall) > _THIN:
        rulings.fills.append(box)


def _rectangles(page: pdfium.PdfPage) -> Iterator[tuple[Rectangle, bool]]:
    """What paths draw, as left, bottom, right, top in PDF space, and whether it is a painted area."""
    count = raw.FPDFPage_CountObjects(page.raw)
    if count > _MOST_OBJECTS:
        return
    objects = (raw.FPDFPage_GetObject(page.raw, index) for index in range(count))
    for path, matrix in _paths(objects, _IDENTITY, 0):
        yield from _of_path(path, matrix)


def _paths(
    objects: Iterable[raw.FPDF_PAGEOBJECT], matrix: Matrix, depth: int
) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, Matrix]]:
    kind_of = raw.FPDFPageObj_GetType
    for item in objects:
        kind = kind_of(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield item, matrix
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            count = min(max(raw.FPDFFormObj_CountObjects(item), 0), _MOST_OBJECTS)
            inner = (raw.FPDFFormObj_GetObject(item, index) for index in range(count))
            yield from _paths(inner, _times(_matrix(item), matrix), depth + 1)


def _of_path(path: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[tuple[Rectangle, bool]]:
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    segments = raw.FPDFPath_CountSegments(path)
    if not (fill.value or stroke.value) or segments > _MOST_SEGMENTS:
        return
    is_fill = bool(fill.value) and not stroke.value
    lightness = _lightness(path, is_fill=is_fill)
    whole = _bounds(path, matrix)
    if lightness >= _FULL_WHITE or whole is None:
        return
    thickness = min(whole[2] - whole[0], whole[3] - whole[1])
    if thickness <= _THIN:
        if not (is_fill and lightness >= _LIGHT and thickness > _LINE):
            yield whole, False
    elif is_fill and segments <= _BOX_SEGMENTS:
        yield whole, True
    else:
        for points, is_closed in _outlines(path, _times(_matrix(path), matrix)):
            yield from _of_outline(points, is_closed, bool(stroke.value))


def _of_outline(
    points: list[tuple[float, float] | None], is_closed: bool, is_stroked: bool
) -> Iterator[tuple[Rectangle, bool]]:
    """`None` among the points: a curve led to the next one."""
    known = [point for point in points if point is not None]
    if len(known) < 2:
        return
    xs, ys = [x for x, _ in known], [y for _, y in known]
    around = (min(xs), min(ys), max(xs), max(ys))
    if min(around[2] - around[0], around[3] - around[1]) <= _THIN:
        yield around, False
        return
    if not is_stroked:
        if len(known) == len(points) and 4 <= len(known) <= 5:
            yield around, True
        return
    for one, two in itertools.pairwise([*points, points[0]] if is_closed else points):
        if one is not None and two is not None and min(abs(one[0] - two[0]), abs(one[1] - two[1])) < 1:
            yield (min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])), False


def _outlines(path: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[tuple[list[tuple[float, float] | None], bool]]:
    """The points of each piece of the path, and whether it runs back to its start."""
    a, b, c, d, e, f = matrix
    x, y = c_float(), c_float()
    points: list[tuple[float, float] | None] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if points:
                yield points, False
            points = []
        elif kind == raw.FPDF_SEGMENT_BEZIERTO and points and points[-1] is not None:
            points.append(None)
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment):
            yield points, True
            points = []
    if points:
        yield points, False


def _bounds(path: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Rectangle | None:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    if not raw.FPDFPageObj_GetBounds(path, left, bottom, right, top):
        return None
    if matrix is _IDENTITY:
        return left.value, bottom.value, right.value, top.value
    a, b, c, d, e, f = matrix
    corners = itertools.product((left.value, right.value), (bottom.value, top.value))
    xs, ys = zip(*((a * x + c * y + e, b * x + d * y + f) for x, y in corners), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _lightness(path: raw.FPDF_PAGEOBJECT, *, is_fill: bool) -> int:
    """Of the darkest of the three colours, to 255; what is transparent is white."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    ask = raw.FPDFPageObj_GetFillColor if is_fill else raw.FPDFPageObj_GetStrokeColor
    if not ask(path, red, green, blue, alpha):
        return 0
    return min(red.value, green.value, blue.value) if alpha.value else 255


def _matrix(item: raw.FPDF_PAGEOBJECT) -> Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    if outer is _IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _merged(rulings: list[Ruling]) -> list[Ruling]:
    """Pieces that continue each other, and lines drawn twice, become one; specks go."""
    merged: list[Ruling] = []
    for level in _levels(rulings):
        at = sum(ruling.at for ruling in level) / len(level)
        last: Ruling | None = None
        for ruling in sorted(level, key=lambda ruling: ruling.start):
            if last is not None and ruling.start <= last.end + _REACH:
                last.end = max(last.end, ruling.end)
            else:
                last = Ruling(at, ruling.start, ruling.end)
                merged.append(last)
    return [ruling for ruling in merged if ruling.end - ruling.start >= _SHORTEST]


def _levels(rulings: list[Ruling]) -> Iterator[list[Ruling]]:
    level: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda ruling: ruling.at):
        if level and ruling.at > level[0].at + _NEAR:
            yield level
            level = []
        level.append(ruling)
    if level:
        yield level
