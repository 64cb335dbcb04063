"""Lines of a PDF page to paragraphs, list items and table rows."""

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from footnote.modules.ingestion.extraction.pdf_lines import Flow, Line
from footnote.modules.ingestion.extraction.pdf_tables import PageTable
from footnote.modules.ingestion.models import BlockKind

_BULLETS = frozenset("•●○▪■◦‣⁃∙·–-*➢✓□❑►")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]")
SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_NOT_WORDS = re.compile(r"[\W_]+")
_LOOSE = 0.35  # line heights more than the usual gap between lines: a new paragraph


@dataclass(slots=True, eq=False)
class PdfBlock:
    lines: list[Line]
    kind: BlockKind
    size: float  # height of its first line, in points
    is_bold: bool
    is_title: bool  # of the file's outline
    is_first: bool = False  # of its flow
    level: int | None = None  # of a heading, from 1

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def table(self) -> PageTable | None:
        return self.lines[0].table


def plain(text: str) -> str:
    """`text` for comparing titles: letters and digits only."""
    return _NOT_WORDS.sub(" ", text).strip().casefold()


def page_blocks(flows: Sequence[Flow], titles: Collection[str]) -> Iterator[PdfBlock]:
    """Blocks in reading order; lines that are plain `titles` stand alone."""
    usual_gap = _usual_gap(flows)
    for flow in flows:
        blocks: list[PdfBlock] = []
        for line, kind in zip(flow, _with_wrapped_labels(flow, [_kind(line) for line in flow]), strict=True):
            is_title = bool(titles) and plain(line.text) in titles
            new = PdfBlock([line], kind, line.height, line.is_bold, is_title, is_first=not blocks)
            if blocks and _continues(blocks[-1], new, usual_gap):
                blocks[-1].lines.append(line)
            else:
                blocks.append(new)
        yield from blocks


def _usual_gap(flows: Iterable[Flow]) -> float:
    """Between lines of one paragraph, in line heights."""
    gaps = [
        (below.y0 - above.y1) / above.height
        for flow in flows
        for above, below in itertools.pairwise(flow)
        if not (above.table or below.table)
    ]
    return quantiles(gaps, n=4)[0] if len(gaps) > 1 else 0.3


def _kind(line: Line) -> BlockKind:
    if line.table:
        return "table_row"
    first = line.words[0].text
    is_item = len(line.words) > 1 and (first in _BULLETS or (len(first) > 1 and first[0] in "•●▪■➢►"))
    cells = line.cells
    if is_item or (cells <= 2 and len(line.words) > 1 and _ENUMERATOR.fullmatch(first)):
        return "list_item"
    return "table_row" if cells > 1 else "paragraph"


def _with_wrapped_labels(flow: Flow, kinds: list[BlockKind]) -> list[BlockKind]:
    """A short line between two rows of a table is part of the table."""
    width = max(line.x1 for line in flow) - min(line.x0 for line in flow)
    return [
        "table_row"
        if kind == "paragraph"
        and 0 < index < len(kinds) - 1
        and kinds[index - 1] == kinds[index + 1] == "table_row"
        and not (flow[index - 1].table or flow[index + 1].table)
        and flow[index].x1 - flow[index].x0 < 0.6 * width
        else kind
        for index, kind in enumerate(kinds)
    ]


def _continues(block: PdfBlock, new: PdfBlock, usual_gap: float) -> bool:
    if new.kind != "paragraph" or block.kind == "table_row" or new.is_title or block.is_title:
        return False
    if new.is_bold != block.is_bold:
        return False
    last, line = block.lines[-1], new.lines[0]
    if abs(line.height - last.height) > 0.12 * max(line.height, last.height):
        return False
    if (line.y0 - last.y1) / last.height > max(usual_gap, -0.2) + _LOOSE:
        return False
    return not _starts_anew(block.lines, line)


def _starts_anew(lines: list[Line], line: Line) -> bool:
    """The last line ends a sentence short of the right edge, or this one is indented after one that ended there."""
    last = lines[-1]
    if not SENTENCE_END.search(last.words[-1].text):
        return False
    left, right = min(above.x0 for above in lines), max(line.x1, *(above.x1 for above in lines))
    is_short = last.x1 < right - 0.25 * (right - left)
    is_indented = 0.8 * line.height < line.x0 - last.x0 < 6 * line.height and last.x0 < left + line.height
    return is_short or is_indented
