"""Answers as they are stored."""

from datetime import UTC, datetime
from typing import Any

from footnote.modules.generation import Answer, Citation
from footnote.modules.generation.models import PromptRef, TokenUsage
from footnote.modules.retrieval import Passage, Ranks, Scores


def citation(document_id: str) -> Citation:
    return Citation(
        index=0,
        document_id=document_id,
        version=1,
        title="Planets",
        start=0,
        end=2,
        quote="🪐 ",
        pages=(),
        boxes=(),
        heading_path=("A",),
        passage_id="p",
    )


def passage(text: str, *, dense: float | None = None) -> Passage:
    return Passage(
        id=text[:20],
        document_id="d",
        version=1,
        title="",
        text=text,
        start=0,
        end=len(text),
        pages=(),
        boxes=(),
        heading_path=(),
        score=dense or 0.0,
        scores=Scores(dense=dense),
        ranks=Ranks(),
    )


def answer(answer_id: str = "1", *document_ids: str, **changes: Any) -> Answer:
    values = {
        "id": answer_id,
        "conversation_id": None,
        "question": "Why?",
        "text": "",
        "abstained": False,
        "confidence": 0.5,
        "grounding": "enforce",
        "sentences": (),
        "citations": tuple(citation(document_id) for document_id in document_ids),
        "passages": (),
        "model": "test:model",
        "prompt": PromptRef(name="none", version=0),
        "usage": TokenUsage(),
        "timings_ms": {"total": 1.5},
        "trace_id": "abc",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Answer(**(values | changes))
