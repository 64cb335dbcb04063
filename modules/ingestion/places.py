"""From a span of the canonical text to where it stands."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from footnote.modules.ingestion.models import Extraction, Heading, Place, Word
from footnote.modules.retrieval import Box

_start = attrgetter("start")
_end = attrgetter("end")


def place(extraction: Extraction, start: int, end: int) -> Place:
    """Pages, boxes (one for each line of each page) and heading path of the code points [start, end)."""
    boxes = tuple(line_boxes(extraction, start, end))
    return Place(
        pages=tuple(dict.fromkeys(box.page for box in boxes)),
        boxes=boxes,
        heading_path=heading_path(extraction, start),
    )


def line_boxes(extraction: Extraction, start: int, end: int) -> Iterator[Box]:
    """The smallest box around the touched words of each line, in reading order."""
    words = extraction.layout.words
    touched = words[bisect_right(words, start, key=_end) : bisect_left(words, end, key=_start)]
    line: list[Word] = []
    for word in touched:
        if line and (word.page != line[-1].page or "\n" in extraction.text[line[-1].end : word.start]):
            yield _around(line)
            line = []
        line.append(word)
    if line:
        yield _around(line)


def heading_path(extraction: Extraction, position: int) -> tuple[str, ...]:
    """The headings that `position` stands under, outermost first; a heading stands under itself."""
    headings = extraction.layout.headings
    path: list[Heading] = []
    for heading in reversed(headings[: bisect_right(headings, position, key=_start)]):
        if not path or heading.level < path[-1].level:
            path.append(heading)
        if heading.level == 1:
            break
    return tuple(" ".join(extraction.text[heading.start : heading.end].split()) for heading in reversed(path))


def _around(words: Sequence[Word]) -> Box:
    return Box(
        page=words[0].page,
        x0=min(word.x0 for word in words),
        y0=min(word.y0 for word in words),
        x1=max(word.x1 for word in words),
        y1=max(word.y1 for word in words),
    )
