"""Words of a page to rows of segments, what wide gaps and rulings set apart; and which of these are running text."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from footnote.modules.ingestion.extraction.pdf_rulings import Ruling
from footnote.modules.ingestion.extraction.pdf_tables_model import CLOSERS, CURRENCIES, Placed, is_number

_CELL_GAP = 0.75  # of the row's height: a space is a third of it
_LETTERS = 1.4  # widths of a letter: a space of a typewriter's font is one
_LEADER = ("..", "…")  # dots that lead from a label to its value
_NUMBER_GAP = 0.45  # between two numbers
_SIGN_GAP = 0.2  # between a number and the currency of the next
_PER_ROW = 4  # rows around a height, at most
_FURTHEST_CURRENCY = 9  # row heights
_FURTHEST_CLOSER = 1.5
_PROSE_LETTERS = 24  # of a line of running text, on the average
_INDENT = 3  # row heights within which lines of one paragraph begin


@dataclass(slots=True, eq=False)
class Segment:
    """Neighbouring words of a row: a cell, or part of one, or a line of a column of text."""

    words: list[Placed]
    x0: float
    x1: float
    is_prose: bool = False

    @property
    def text(self) -> str:
        return " ".join(placed.word.text for placed in self.words)

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    def absorb(self, other: "Segment") -> None:
        self.words += other.words
        self.x1 = max(self.x1, other.x1)


@dataclass(slots=True, eq=False)
class Row:
    y0: float
    y1: float
    height: float  # of most of its words
    segments: list[Segment] = field(default_factory=list)
    is_whole: bool = True  # nothing else stands beside it on the page

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def x0(self) -> float:
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        return max(segment.x1 for segment in self.segments)


def is_tabular(row: Row) -> bool:
    return len(row.segments) > 1


def page_rows(words: Sequence[Placed], down: Sequence[Ruling]) -> list[Row]:
    """From top to bottom; `down` are the rulings that set segments apart."""
    return [_row(together, down) for together in _together(words)]


def _together(words: Sequence[Placed]) -> list[list[Placed]]:
    rows: list[list[Placed]] = []
    for word in sorted(words, key=lambda word: word.y0 + word.y1):
        best, most = None, 0.5
        for row in rows[-_PER_ROW:]:
            first = row[0]
            shared = min(first.y1, word.y1) - max(first.y0, word.y0)
            shared /= max(min(first.y1 - first.y0, word.y1 - word.y0), 0.1)
            if shared > most:
                best, most = row, shared
        if best is None:
            rows.append([word])
        else:
            best.append(word)
    return rows


def _row(words: list[Placed], down: Sequence[Ruling]) -> Row:
    words.sort(key=lambda word: word.x0)
    height = max(median(word.y1 - word.y0 for word in words), 1.0)
    row = Row(min(word.y0 for word in words), max(word.y1 for word in words), height)
    walls = [ruling.at for ruling in down if ruling.start - 1 <= row.middle <= ruling.end + 1]
    letter = sum(word.x1 - word.x0 for word in words) / sum(len(word.word.text) for word in words)
    wide = max(_CELL_GAP * height, _LETTERS * letter)
    for word in words:
        last = row.segments[-1] if row.segments else None
        if last is None or _is_apart(last, word, height, wide) or _is_walled(last, word, walls):
            row.segments.append(Segment([word], word.x0, word.x1))
        else:
            last.words.append(word)
            last.x1 = max(last.x1, word.x1)
    if len(row.segments) > 1:
        row.segments = list(_with_signs(row.segments, height))
    return row


def _is_apart(segment: Segment, word: Placed, height: float, wide: float) -> bool:
    gap = word.x0 - segment.x1
    before = segment.words[-1].word.text
    is_next_sum = word.word.text in CURRENCIES and (is_number(before) or before in CLOSERS)
    if (before == "." or before.endswith(_LEADER)) and (is_number(word.word.text) or word.word.text in CURRENCIES):
        return True
    if gap > _NUMBER_GAP * height and is_number(word.word.text) and is_number(before):
        return True
    return gap > (_SIGN_GAP * height if is_next_sum else wide)


def _is_walled(segment: Segment, word: Placed, walls: Sequence[float]) -> bool:
    return any(segment.x1 - 1 <= wall <= word.x0 + 1 for wall in walls)


def _with_signs(segments: list[Segment], height: float) -> Iterator[Segment]:
    """Signs that stand apart from their number are joined to it, as accountants set them."""
    last: Segment | None = None
    for segment in segments:
        if last is not None and _belong_together(last, segment, height):
            last.absorb(segment)
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last


def _belong_together(last: Segment, segment: Segment, height: float) -> bool:
    gap, text = segment.x0 - last.x1, segment.words[0].word.text
    if len(segment.words) == 1 and text in CLOSERS:
        return gap < _FURTHEST_CLOSER * height and is_number(last.text)
    return last.text in CURRENCIES and gap < _FURTHEST_CURRENCY * height and is_number(segment.text)


def mark_prose(rows: Sequence[Row]) -> None:
    """Lines that are filled, so that the first word of the next did not fit, three or more below each other."""
    labels = {
        left
        for row in rows
        for left, right in itertools.pairwise(row.segments)
        if is_number(right.text) and not is_number(left.text)
    }
    for chain in _chains(rows):
        filled = [
            _is_filled(chain, index) and chain[index] not in labels and chain[index + 1] not in labels
            for index in range(len(chain) - 1)
        ]
        start = 0
        for is_filled, group in itertools.groupby(filled):
            count = len(list(group))
            if is_filled and count >= 2:
                _mark(chain[start : start + count + 1])
            start += count


def _mark(lines: list[Segment]) -> None:
    texts = [line.text for line in lines]
    words = [placed.word.text for line in lines for placed in line.words]
    if sum(map(len, texts)) < _PROSE_LETTERS * len(texts) or 2 * sum(map(is_number, words)) > len(words):
        return
    if 2 * len(set(texts)) <= len(texts):
        return
    for line in lines:
        line.is_prose = True


def _chains(rows: Sequence[Row]) -> Iterator[list[Segment]]:
    followers: dict[Segment, Segment] = {}
    for index, row in enumerate(rows):
        for segment in row.segments:
            below = _below(segment, row, rows[index + 1 : index + 1 + _PER_ROW])
            if below is not None:
                followers[segment] = below
    heads = {segment: None for row in rows for segment in row.segments if segment in followers}
    for follower in followers.values():
        heads.pop(follower, None)
    for segment in heads:
        chain = [segment]
        while chain[-1] in followers:
            chain.append(followers[chain[-1]])
        yield chain


def _below(segment: Segment, row: Row, rows: Sequence[Row]) -> Segment | None:
    for other in rows:
        if other.y0 > row.y1 + 0.9 * row.height:
            return None
        if other.y0 < row.y0 + 0.4 * row.height or abs(other.height - row.height) > 0.25 * row.height:
            continue
        for below in other.segments:
            shared = min(segment.x1, below.x1) - max(segment.x0, below.x0)
            if shared > 0.5 * min(segment.width, below.width) and abs(segment.x0 - below.x0) < _INDENT * row.height:
                return below
    return None


def _is_filled(chain: list[Segment], index: int) -> bool:
    line, below = chain[index], chain[index + 1].words[0]
    right = max(near.x1 for near in chain[max(index - 2, 0) : index + 4])
    return len(line.words) > 1 and right - line.x1 < below.x1 - below.x0 + 0.3 * below.height
