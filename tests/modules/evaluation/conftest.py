"""A small dataset, and stand-ins for the slices that evaluation measures."""

import json
from collections.abc import AsyncIterable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from footnote.modules.evaluation import CorpusDocument, CorpusLoader, ProgressListener, Stage
from footnote.modules.generation import Answer, Citation, Sentence
from footnote.modules.generation.models import PromptRef, TokenUsage
from footnote.modules.ingestion import Document
from footnote.modules.ingestion.models import Status
from footnote.platform.principal import Principal

NOW = datetime(2026, 1, 1, tzinfo=UTC)

CORPUS = [
    {"doc_id": "lift", "title": "Lift", "text": "Lift grows with the square of speed."},
    {"doc_id": "drag", "title": "Drag", "text": ""},
    {"doc_id": "wake", "title": "Broken", "text": "A wake follows every body."},
    {"doc_id": "void", "title": "", "text": ""},
]
QUERIES = [
    {
        "query_id": "1",
        "text": "What does lift grow with?",
        "answers": ["the square of speed"],
        "spans": [{"start": 16, "end": 35}],
        "filters": {"language": "en"},
    },
    {"query_id": "2", "text": "Who measured drag?", "answers": [], "answerable": False},
    {"query_id": "3", "text": "Nobody judged this.", "answers": ["speed"], "answerable": True},
]
QRELS = "1\tlift\t1\n1\twake\t0\n2\tdrag\t2\n2\tvoid\t1\n"


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, CORPUS)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)))
    (folder / "qrels.tsv").write_text(QRELS)
    return folder


class TitleLoader:
    """Gives the document `doc_id` the id `id-of-DOC_ID` and two chunks; the title `Broken` makes it fail."""

    async def load(
        self, principal: Principal, corpus: AsyncIterable[CorpusDocument], *, total: int, progress: ProgressListener
    ) -> dict[str, Document]:
        loaded: dict[str, Document] = {}
        async for source in corpus:
            status: Status = "failed" if source.title == "Broken" else "ready"
            loaded[source.doc_id] = document(f"id-of-{source.doc_id}", status)
            progress(len(loaded), total, "ingesting")
        return loaded


@pytest.fixture
def loader() -> CorpusLoader:
    return TitleLoader()


@pytest.fixture
def heard() -> dict[Stage, tuple[int, int]]:
    """The last progress of each stage: done and total."""
    return {}


@pytest.fixture
def progress(heard: dict[Stage, tuple[int, int]]) -> ProgressListener:
    def listen(done: int, total: int, stage: Stage) -> None:
        heard[stage] = (done, total)

    return listen


@pytest.fixture
def make_document() -> Callable[..., Document]:
    return document


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    return answer


@pytest.fixture
def make_citation() -> Callable[[str, int, int], Citation]:
    return citation


def document(document_id: str, status: Status, owner: str = "me", readers: tuple[str, ...] = ()) -> Document:
    return Document(
        id=document_id,
        owner=owner,
        title="",
        media_type="text/plain",
        size=1,
        sha256="0" * 64,
        status=status,
        progress=None,
        version=1,
        pages=0,
        chunks=2,
        language=None,
        readers=readers,
        metadata={},
        error=None,
        warnings=(),
        created_at=NOW,
        updated_at=NOW,
        filename="",
    )


def answer(*sentences: str, confidence: float = 0.5, citations: tuple[Citation, ...] = ()) -> Answer:
    """An answer of those sentences; without any it abstains, and its text says so."""
    return Answer(
        id="answer",
        conversation_id=None,
        question="",
        text=" ".join(sentences) or "The documents do not say.",
        abstained=not sentences,
        confidence=confidence,
        grounding="enforce",
        sentences=tuple(sentence(sentences, index) for index in range(len(sentences))),
        citations=citations,
        passages=(),
        model="local:fake",
        prompt=PromptRef(name="answer", version=1),
        usage=TokenUsage(),
        timings_ms={},
        trace_id="",
        created_at=NOW,
    )


def sentence(texts: tuple[str, ...], index: int) -> Sentence:
    end = len(" ".join(texts[: index + 1]))
    text = texts[index]
    return Sentence(text=text, start=end - len(text), end=end, verdict="supported", citations=())


def citation(document_id: str, start: int, end: int) -> Citation:
    return Citation(
        index=0,
        document_id=document_id,
        version=1,
        title="",
        start=start,
        end=end,
        quote="",
        pages=(),
        boxes=(),
        heading_path=(),
        passage_id="",
    )
