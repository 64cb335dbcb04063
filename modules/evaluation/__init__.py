"""Evaluation: how good it is. Other slices import from here and nowhere deeper."""

from collections.abc import AsyncIterable
from typing import Protocol

from footnote.modules.evaluation.errors import InvalidDataset
from footnote.modules.evaluation.models import (
    AnswerMetrics,
    AnswersReport,
    CorpusDocument,
    GroundingMetrics,
    GroundingReport,
    RetrievalReport,
    Stage,
)
from footnote.modules.ingestion import Document
from footnote.platform.principal import Principal

__all__ = [
    "AnswerMetrics",
    "AnswersReport",
    "CorpusDocument",
    "CorpusLoader",
    "GroundingMetrics",
    "GroundingReport",
    "InvalidDataset",
    "ProgressListener",
    "RetrievalReport",
    "Stage",
]


class ProgressListener(Protocol):
    def __call__(self, done: int, total: int, stage: Stage) -> None:
        """Hear that `done` of `total` are through `stage`; called often, so it must be quick."""
        ...


class CorpusLoader(Protocol):
    async def load(
        self, principal: Principal, corpus: AsyncIterable[CorpusDocument], *, total: int, progress: ProgressListener
    ) -> dict[str, Document]:
        """Ingest every document and wait until none is under way; by `doc_id`, failed ones included.

        Two documents with the same content stay two, and `principal` may read both.
        """
        ...
