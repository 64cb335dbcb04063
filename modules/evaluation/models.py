"""What evaluation reads and publishes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from footnote.modules.retrieval import Mode

Stage = Literal["uploading", "ingesting", "timing", "searching", "answering", "judging"]

READ_BYTES = 1 << 20


class CorpusDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a dataset: a text that must become its canonical text as it is, or a file."""

    doc_id: str
    title: str | None  # None: as the file itself states it
    filename: str
    content: str | Path

    @property
    def is_empty(self) -> bool:
        return isinstance(self.content, str) and not self.content.strip()

    async def read(self) -> AsyncIterator[bytes]:
        """Its bytes, a text as UTF-8."""
        if isinstance(self.content, str):
            yield self.content.encode()
            return
        with await asyncio.to_thread(self.content.open, "rb") as file:
            while block := await asyncio.to_thread(file.read, READ_BYTES):
                yield block


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Code points [start, end) of a document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("a span needs 0 <= start < end")

    def overlaps(self, start: int, end: int) -> bool:
        return start < self.end and self.start < end


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A question of a dataset with what is known of its answer."""

    query_id: str
    text: str
    answers: tuple[str, ...] = ()
    answerable: bool | None = None
    filters: dict[str, Any] | None = None
    gold_passage_id: str | None = None  # the doc_id that the spans count in
    spans: tuple[Span, ...] = ()
    evidence_span: Span | None = None

    @property
    def is_answerable(self) -> bool | None:
        """As stated; else True if there are gold answers, else None: not known."""
        return True if self.answerable is None and self.answers else self.answerable

    @property
    def evidence(self) -> tuple[Span, ...]:
        return self.spans if self.evidence_span is None else (*self.spans, self.evidence_span)


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to judge against its context."""

    id: str
    context: str
    answer: str
    hallucinated: bool
    question: str = ""
    title: str = ""


class CorpusSize(msgspec.Struct, frozen=True, kw_only=True):
    documents: int  # with content
    empty: int


class RetrievalReport(msgspec.Struct, frozen=True, kw_only=True):
    dataset: str
    mode: Mode
    queries: int  # with judgements
    documents: int  # ready to be found
    skipped: int  # neither text nor title
    failed: int  # not readable
    chunks: int
    metrics: dict[str, float]  # means over the queries
    seconds: dict[str, float]


class AnswerMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """Each in [0, 1]; None where the dataset gives nothing to count."""

    answer_recall: float | None
    exact_match: float | None
    f1: float | None
    abstention_auroc: float | None
    abstention_precision: float | None
    abstention_recall: float | None
    citation_precision: float | None
    citation_recall: float | None
    ece: float | None


class AnswersReport(msgspec.Struct, frozen=True, kw_only=True):
    dataset: str
    model: str | None  # None: no question was asked
    queries: int
    documents: int
    skipped: int
    failed: int
    chunks: int
    metrics: AnswerMetrics
    seconds: dict[str, float]


class GroundingMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """Each in [0, 1], hallucinated the positive class; None where the examples are all of one kind."""

    auroc: float | None
    f1: float | None
    precision: float | None
    recall: float | None
    balanced_accuracy: float | None
    ece: float | None  # of the probability that an answer is supported


class GroundingReport(msgspec.Struct, frozen=True, kw_only=True):
    metrics: GroundingMetrics
    threshold: float  # of that probability
    examples: int
    sentences: int
    examples_per_second: float
    sentences_per_second: float
