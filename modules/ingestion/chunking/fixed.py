"""Windows of a fixed number of tokens."""

from collections.abc import Iterator, Sequence

from footnote.modules.ingestion.chunking.part import Part
from footnote.modules.ingestion.chunking.sections import Section
from footnote.modules.ingestion.models import Extraction
from footnote.modules.retrieval import Chunk
from footnote.platform.inference import Tokenizer

REVISION = 1  # raise it when the same settings cut otherwise


class FixedChunker:
    """Each chunk is as full as words allow, whatever the structure; it begins within the end of the one before."""

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int = 256, overlap: float = 0.15) -> None:
        """`max_tokens` counts all that is embedded; `overlap` is the share of a chunk that the next one repeats."""
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._overlap = overlap

    @property
    def signature(self) -> str:
        return f"fixed-{REVISION}/{self._max_tokens}/{self._overlap:g}"

    def chunk(self, extraction: Extraction, title: str) -> list[Chunk]:
        """The chunks in reading order; together they hold all of the text but white space and furniture."""
        part = Part(self._tokenizer, extraction, title, self._max_tokens)
        return part.finished([draft for run in part.runs() for draft in self._drafts(part, run)])

    def _drafts(self, part: Part, run: Sequence[Section]) -> Iterator[Chunk]:
        start, end = run[0].units[0].start, run[-1].units[-1].end
        covered = start
        while True:
            path = _path(run, start)
            room = part.header.room(path, part.context(start, path))
            cut = part.tokens.cut(start, end, room)
            if start < covered and cut <= covered:  # longer headings leave too little room for what is repeated
                start = covered
                continue
            yield part.chunk(start, part.tokens.stripped(start, cut), path)
            if cut == end:
                return
            covered = cut
            start = part.tokens.back(start, cut, int(self._overlap * room))


def _path(run: Sequence[Section], start: int) -> tuple[str, ...]:
    """The headings of the section that `start` stands in."""
    return next(section.path for section in reversed(run) if section.units[0].start <= start)
