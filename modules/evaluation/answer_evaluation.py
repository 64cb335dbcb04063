"""Asks the questions of a dataset and measures the answers."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from opentelemetry import trace

from footnote.modules.evaluation import CorpusLoader, ProgressListener
from footnote.modules.evaluation.answer_scores import score_answer, summarise
from footnote.modules.evaluation.bounded import map_bounded
from footnote.modules.evaluation.corpus import ingest_corpus
from footnote.modules.evaluation.datasets import QRELS, dataset_name, queries_path, read_optional_qrels, read_queries
from footnote.modules.evaluation.metrics import percentiles
from footnote.modules.evaluation.models import AnswerMetrics, AnswersReport, Query
from footnote.modules.generation import Answer, Answerer, Question
from footnote.platform.principal import Principal

tracer = trace.get_tracer(__name__)


class AnswerEvaluation:
    def __init__(self, loader: CorpusLoader, answerer: Answerer, *, concurrency: int = 2) -> None:
        self._loader = loader
        self._answerer = answerer
        self._concurrency = concurrency

    @tracer.start_as_current_span("evaluation.answers")
    async def run(
        self,
        principal: Principal,
        dataset: Path,
        *,
        queries: Path | None,
        model: str | None,
        limit: int | None,
        progress: ProgressListener,
    ) -> AnswersReport:
        """Ingest the corpus, ask the first `limit` questions, and compare with the gold answers and evidence.

        Raises:
            InvalidDataset: A file of the dataset is not of the form.
            UnknownModel: No such model is configured.
            Unavailable: The model cannot be reached.
        """
        asked = await asyncio.to_thread(read_queries, queries_path(dataset, queries), limit)
        qrels = await asyncio.to_thread(read_optional_qrels, dataset / QRELS)
        corpus = await ingest_corpus(self._loader, principal, dataset, progress)
        answers = await self._ask_all(principal, asked, model, progress)
        seconds = [seconds for _, seconds in answers]
        return AnswersReport(
            dataset=dataset_name(dataset),
            model=answers[0][0].model if answers else None,
            queries=len(asked),
            documents=len(corpus.doc_ids),
            skipped=corpus.skipped,
            failed=corpus.failed,
            chunks=corpus.chunks,
            metrics=await asyncio.to_thread(_measure, asked, [answer for answer, _ in answers], corpus.doc_ids, qrels),
            seconds={"ingest": corpus.seconds, **percentiles("answer", seconds)},
        )

    async def _ask_all(
        self, principal: Principal, queries: Sequence[Query], model: str | None, progress: ProgressListener
    ) -> list[tuple[Answer, float]]:
        async def ask(query: Query) -> tuple[Answer, float]:
            begun = perf_counter()
            answer = await self._answerer.answer(
                principal, Question(text=query.text, filters=query.filters, model=model)
            )
            return answer, perf_counter() - begun

        def on_done(done: int) -> None:
            progress(done, len(queries), "answering")

        return await map_bounded(ask, queries, limit=self._concurrency, on_done=on_done)


def _measure(
    queries: Sequence[Query],
    answers: Sequence[Answer],
    doc_ids: Mapping[str, str],
    qrels: Mapping[str, Mapping[str, int]],
) -> AnswerMetrics:
    return summarise(
        [
            score_answer(query, answer, doc_ids, _gold_doc_id(query, qrels))
            for query, answer in zip(queries, answers, strict=True)
        ]
    )


def _gold_doc_id(query: Query, qrels: Mapping[str, Mapping[str, int]]) -> str | None:
    """The document that the evidence stands in: as stated, else the only relevant one."""
    relevant = [doc_id for doc_id, grade in qrels.get(query.query_id, {}).items() if grade >= 1]
    return query.gold_passage_id or (relevant[0] if len(relevant) == 1 else None)
