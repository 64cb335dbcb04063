from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from footnote.modules.evaluation import AnswersReport, CorpusLoader, ProgressListener, Stage
from footnote.modules.evaluation.answer_evaluation import AnswerEvaluation
from footnote.modules.generation import Answer, AnswerEvent, Citation, Done, Question
from footnote.platform.principal import LOCAL, Principal

LIFT, DRAG, UNJUDGED = "What does lift grow with?", "Who measured drag?", "Nobody judged this."


class FixedAnswerer:
    def __init__(self, answers: dict[str, Answer]) -> None:
        self.questions: list[Question] = []
        self._answers = answers

    async def answer(self, principal: Principal, question: Question) -> Answer:
        self.questions.append(question)
        return self._answers[question.text]

    async def stream(self, principal: Principal, question: Question) -> AsyncIterator[AnswerEvent]:
        yield Done(await self.answer(principal, question))


@pytest.fixture
def answerer(make_answer: Callable[..., Answer], make_citation: Callable[..., Citation]) -> FixedAnswerer:
    cited = (make_citation("id-of-lift", 0, 36), make_citation("id-of-drag", 0, 4))
    return FixedAnswerer(
        {
            LIFT: make_answer("With the square of speed.", confidence=0.9, citations=cited),
            DRAG: make_answer(confidence=0.1),
            UNJUDGED: make_answer("Nothing.", confidence=0.3),
        }
    )


@pytest.fixture
def measure(loader: CorpusLoader, answerer: FixedAnswerer, dataset: Path, progress: ProgressListener) -> Any:
    async def run(limit: int | None = None, model: str | None = None) -> AnswersReport:
        evaluation = AnswerEvaluation(loader, answerer)
        return await evaluation.run(LOCAL, dataset, queries=None, model=model, limit=limit, progress=progress)

    return run


async def test_answers_are_held_against_gold_and_evidence(measure: Any) -> None:
    metrics = (await measure()).metrics
    assert (metrics.answer_recall, metrics.exact_match) == (0.5, 0.0)
    assert (metrics.abstention_auroc, metrics.abstention_precision, metrics.abstention_recall) == (1.0, 1.0, 1.0)
    assert (metrics.citation_precision, metrics.citation_recall) == (0.5, 1.0)
    assert metrics.ece == pytest.approx((0.1 + 0.1 + 0.3) / 3)


async def test_the_report_says_what_was_asked(measure: Any) -> None:
    report = await measure()
    assert (report.dataset, report.model, report.queries) == ("small", "local:fake", 3)
    assert (report.documents, report.skipped, report.failed, report.chunks) == (2, 1, 1, 4)
    assert list(report.seconds) == ["ingest", "answer_p50", "answer_p95"]


async def test_questions_go_with_their_filters_and_the_model(measure: Any, answerer: FixedAnswerer) -> None:
    await measure(limit=1, model="local:other")
    assert answerer.questions == [Question(text=LIFT, filters={"language": "en"}, model="local:other")]


async def test_the_stated_passage_goes_before_the_judgements(measure: Any, dataset: Path) -> None:
    line = (
        f'{{"query_id": "1", "text": "{LIFT}", "gold_passage_id": "drag", "evidence_span": {{"start": 0, "end": 4}}}}'
    )
    (dataset / "queries.jsonl").write_text(line)
    assert (await measure()).metrics.citation_precision == 0.5
    (dataset / "queries.jsonl").write_text(line.replace("drag", "wake"))
    assert (await measure()).metrics.citation_precision == 0.0


async def test_judgements_are_not_needed(measure: Any, dataset: Path) -> None:
    (dataset / "qrels.tsv").unlink()
    metrics = (await measure()).metrics
    assert (metrics.answer_recall, metrics.citation_recall) == (0.5, None)


async def test_progress_tells_of_every_answer(measure: Any, heard: dict[Stage, tuple[int, int]]) -> None:
    await measure()
    assert heard == {"ingesting": (3, 3), "answering": (3, 3)}
