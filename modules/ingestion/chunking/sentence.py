"""Sentences to find, each with its neighbours to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnote.modules.ingestion.chunking.families import family, headed, sentences
from footnote.modules.ingestion.chunking.part import Part
from footnote.modules.ingestion.chunking.sections import Section, Unit, count, within
from footnote.modules.ingestion.models import Extraction
from footnote.modules.retrieval import Chunk
from footnote.platform.inference import Tokenizer

REVISION = 1  # raise it when the same settings cut otherwise
_STEP = 4  # sentences that share a window
_BESIDE = 2  # sentences that the window shows before and after those


@dataclass(frozen=True, slots=True)
class Window:
    start: int
    end: int
    core: Sequence[Unit]  # the sentences that are read in this window


class SentenceChunker:
    """Every sentence, row and item is embedded alone, and read in a window of its section with at least two neighbours
    on either side.

    A few sentences share each window, so that hits beside each other give one passage and the store grows twofold, not
    sevenfold. Headings and very short sentences go with what follows.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int = 256, window_tokens: int = 768) -> None:
        """Tokens of what is embedded and of what is read, each with title, headings, context and special tokens."""
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._window_tokens = max(max_tokens, window_tokens)

    @property
    def signature(self) -> str:
        return f"sentence-{REVISION}/{self._max_tokens}/{self._window_tokens}"

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]:
        """Each window before its sentences; these hold all of the text but white space and furniture."""
        part = Part(self._tokenizer, extraction, title, self._max_tokens)
        return [chunk for run in part.runs() for section in headed(run) for chunk in self._families(part, section)]

    def _families(self, part: Part, section: Section) -> Iterator[Chunk]:
        large = part.larger(self._window_tokens)
        for window in windows(sentences(section), large.room(section.path)):
            draft = part.chunk(window.start, window.end, section.path, kind="parent")
            for parent in part.finished([draft], large):
                span = parent.start, parent.end
                inner = within(window.core, part.tokens, *span)
                children = [part.chunk(unit.start, unit.end, section.path, parent=span) for unit in inner]
                yield from family(parent, part.finished(children))


def windows(units: Sequence[Unit], room: int) -> Iterator[Window]:
    """Windows of at most `room` tokens whose cores are all the units."""
    first = 0
    while first < len(units):
        last = _core_end(units, first, room)
        left, right = first, last
        for _ in range(_BESIDE):
            left -= left > 0 and _fits(units[left - 1 : right], room)
            right += right < len(units) and _fits(units[left : right + 1], room)
        yield Window(units[left].start, units[right - 1].end, units[first:last])
        first = last


def _core_end(units: Sequence[Unit], first: int, room: int) -> int:
    """A short rest goes with the last step."""
    last = len(units) if len(units) - first <= _STEP + _BESIDE else first + _STEP
    while last > first + 1 and not _fits(units[first:last], room):
        last -= 1
    return last


def _fits(units: Sequence[Unit], room: int) -> bool:
    return units[0].lead + count(units) <= room
