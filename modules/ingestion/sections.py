"""A text as the chunker sees it: sections of units that should stay whole."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnote.modules.ingestion.models import Block, Extraction
from footnote.modules.ingestion.places import heading_path
from footnote.platform.inference import Tokenizer
from footnote.platform.text import sentence_spans

SPECIAL_TOKENS = 2  # that the model puts around a text
_MAX_HEADER = 0.5  # of the tokens for headings; beyond it the outer ones are left out
_MIN_ROOM = 0.25  # of the tokens for the text, however long the title is


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, item, row, line of code or heading, or a part of one that is too long."""

    start: int
    end: int
    tokens: int
    block: int  # index of the block that it is part of
    is_heading: bool


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, the heading included."""

    path: tuple[str, ...]
    room: int  # tokens that title and path leave to the text
    units: tuple[Unit, ...]

    @property
    def tokens(self) -> int:
        return count(self.units)


def count(units: Sequence[Unit]) -> int:
    return sum(unit.tokens for unit in units)


class Header:
    """What title and headings take of the tokens of a chunk."""

    def __init__(self, tokenizer: Tokenizer, title: str, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._title = title
        self._limit = max_tokens - SPECIAL_TOKENS
        self._counts: dict[tuple[str, ...], int] = {}

    def shortened(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """`path` without as many of its outer headings as it takes to leave room for text."""
        while path and self._tokens(path) > _MAX_HEADER * self._limit:
            path = path[1:]
        return path

    def room(self, path: tuple[str, ...]) -> int:
        return max(self._limit - self._tokens(path), int(_MIN_ROOM * self._limit), 1)

    def limit(self, path: tuple[str, ...]) -> int:
        """Tokens that header and text together may have, without the special ones."""
        return self._tokens(path) + self.room(path)

    def _tokens(self, path: tuple[str, ...]) -> int:
        if path not in self._counts:
            self._counts[path] = self._tokenizer.count([f"{self._title}\n{' > '.join(path)}"])[0]
        return self._counts[path]


class Sectioner:
    """Tokenises the text once; every span's tokens are then counted by looking up where tokens start."""

    def __init__(self, tokenizer: Tokenizer, extraction: Extraction, header: Header) -> None:
        self._extraction = extraction
        self._header = header
        self._starts = array("q", _token_starts(tokenizer, extraction))

    def sections(self) -> Iterator[Section]:
        blocks: list[tuple[int, Block]] = []
        for index, block in enumerate(self._extraction.layout.blocks):
            if block.kind == "heading" and blocks:
                yield self._section(blocks)
                blocks = []
            blocks.append((index, block))
        if blocks:
            yield self._section(blocks)

    def halves(self, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The span cut in two near its middle, at white space if there is any."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        cut = self._word_start(first, (first + last) // 2)
        middle = self._starts[cut] if first < cut < last else (start + end) // 2
        return (start, start + len(self._extraction.text[start:middle].rstrip())), (middle, end)

    def _section(self, blocks: Sequence[tuple[int, Block]]) -> Section:
        path = self._header.shortened(heading_path(self._extraction, blocks[0][1].start))
        room = self._header.room(path)
        units = tuple(unit for index, block in blocks for unit in self._units(index, block, room))
        return Section(path, room, units)

    def _units(self, index: int, block: Block, room: int) -> Iterator[Unit]:
        for start, end in self._parts(block):
            for piece_start, piece_end in self._pieces(start, end, room):
                tokens = self._count(piece_start, piece_end)
                yield Unit(piece_start, piece_end, tokens, index, block.kind == "heading")

    def _parts(self, block: Block) -> Iterator[tuple[int, int]]:
        text = self._extraction.text[block.start : block.end]
        match block.kind:
            case "paragraph" | "list_item":
                for start, end in sentence_spans(text):
                    yield block.start + start, block.start + end
            case "code":
                yield from _lines(text, block.start)
            case _:
                yield block.start, block.end

    def _pieces(self, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
        """The span, cut between words where it has more than `room` tokens."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        while last - first > room:
            cut = self._starts[self._word_start(first, first + room)]
            if cut <= start:  # one character of more tokens than there is room for
                break
            yield start, start + len(self._extraction.text[start:cut].rstrip())
            start, first = cut, bisect_left(self._starts, cut)
        yield start, end

    def _word_start(self, first: int, token: int) -> int:
        """The last token after `first`, up to `token`, before which there is white space; `token` if there is none."""
        for candidate in range(token, first, -1):
            if self._extraction.text[self._starts[candidate] - 1].isspace():
                return candidate
        return token

    def _count(self, start: int, end: int) -> int:
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)


def _token_starts(tokenizer: Tokenizer, extraction: Extraction) -> Iterator[int]:
    """Block by block: the spans of all tokens of a long text would take a hundred times its memory."""
    for block in extraction.layout.blocks:
        for start, _ in tokenizer.spans(extraction.text[block.start : block.end]):
            yield block.start + start


def _lines(text: str, offset: int) -> Iterator[tuple[int, int]]:
    for line in text.splitlines(keepends=True):
        if words := line.rstrip():
            yield offset + len(words) - len(words.lstrip()), offset + len(words)
        offset += len(line)
