"""The sentences of the sources; a row of a table is one too."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from footnote.platform.inference import Source
from footnote.platform.inference.extractive.rows import LETTER, Above, is_row, says_something
from footnote.platform.text import sentence_spans

LINE = re.compile(r"[^\n]+")
REFERENCE = re.compile(r"(?<!\s)\s*\[\d{1,4}(?:\s*,\s*\d{1,4})*\]")  # would read as a source mark of the answer
SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
QUESTION_END = re.compile(r"[?？؟][)\]]*$")  # one in quotes is part of what is told
ITEM = re.compile(r"^[^\S\n]*[-*•‣◦▪●]\s", re.M)
PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n")
MAX_BEFORE = 200  # characters

Span = tuple[int, int]


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    source: Source
    start: int  # code points of the source's text, [start, end)
    end: int
    text: str  # literal, but white space is folded and reference marks are left out
    before: str  # the sentence before it; for a row the one before its table
    above: str = ""  # of a row: the heads of its columns, and the row that begins its part of the table
    is_row: bool
    is_first: bool  # of its source
    under: Span | None = None  # the question right before it, if there is one: it is likely to be answered here

    @property
    def context(self) -> str:
        return f"{self.source.title} {self.before} {self.above}"

    @property
    def is_whole(self) -> bool:
        """Ends as sentences do."""
        return SENTENCE_END.search(self.text) is not None

    @property
    def is_question(self) -> bool:
        return not self.is_row and QUESTION_END.search(self.text) is not None

    @property
    def begins_item(self) -> bool:
        """Of a list."""
        return ITEM.match(self.text) is not None

    @property
    def ends_item(self) -> bool:
        """Goes on with an item that began before it."""
        paragraph = PARAGRAPH_END.split(self.source.text[: self.start])[-1]
        return not self.begins_item and ITEM.search(paragraph) is not None


class Run(NamedTuple):
    """Neighbouring lines that are all rows of one table, or none of them."""

    start: int
    end: int
    is_table: bool

    def is_title(self, text: str) -> bool:
        """Of the table after it: a row that stands alone."""
        return "\n" not in text[self.start : self.end]


def candidates(sources: Sequence[Source]) -> list[Candidate]:
    return [candidate for source in sources for candidate in _of_source(source)]


def _of_source(source: Source) -> Iterator[Candidate]:
    before, is_first = "", True
    for run in _runs(source.text):
        above = Above.within(source.context if is_first else "")
        for candidate in _rows(source, run, before, above) if run.is_table else _sentences(source, run, before):
            yield msgspec.structs.replace(candidate, is_first=is_first)
            is_first = False
            if not run.is_table or run.is_title(source.text):
                before = candidate.text[-MAX_BEFORE:]


def _runs(text: str) -> Iterator[Run]:
    """A blank line ends a table, and no sentence that it does not end by itself."""
    run: Run | None = None
    for line in LINE.finditer(text):
        is_table = is_row(line.group())
        if run and run.is_table == is_table and not (is_table and text.count("\n", run.end, line.start()) > 1):
            run = run._replace(end=line.end())
            continue
        if run:
            yield run
        run = Run(line.start(), line.end(), is_table)
    if run:
        yield run


def _sentences(source: Source, run: Run, before: str) -> Iterator[Candidate]:
    last: Candidate | None = None
    for start, end in sentence_spans(source.text[run.start : run.end]):
        found = _candidate(source, (run.start + start, run.start + end), before=before)
        if LETTER.search(found.text):
            yield msgspec.structs.replace(found, under=_question_above(found, last))
            before, last = found.text[-MAX_BEFORE:], found


def _question_above(candidate: Candidate, last: Candidate | None) -> Span | None:
    """Contents list questions, too: another item is no answer, nor is another question or what is no sentence."""
    if last is None or not last.is_question or candidate.is_question or not candidate.is_whole:
        return None
    return None if last.begins_item and candidate.begins_item else (last.start, last.end)


def _rows(source: Source, run: Run, before: str, above: Above) -> Iterator[Candidate]:
    """Its rows without the heads; these, too, if there is nothing else."""
    lines = [line.span() for line in LINE.finditer(source.text, run.start, run.end)]
    rows = [span for span in lines if says_something(_folded(source.text[slice(*span)]))]
    answers = list(_under_heads(source, rows, before, above))
    yield from answers or (_candidate(source, span, before=before, is_row=True) for span in rows)


def _under_heads(source: Source, rows: Sequence[Span], before: str, above: Above) -> Iterator[Candidate]:
    for span in rows:
        heads = above.before(_folded(source.text[slice(*span)]))
        if heads is not None:
            yield _candidate(source, span, before=before, above=heads, is_row=True)


def _candidate(source: Source, span: Span, *, before: str, above: str = "", is_row: bool = False) -> Candidate:
    return Candidate(
        source=source,
        start=span[0],
        end=span[1],
        text=_folded(source.text[slice(*span)]),
        before=before,
        above=above,
        is_row=is_row,
        is_first=False,
    )


def _folded(text: str) -> str:
    return " ".join(REFERENCE.sub("", text).split())
