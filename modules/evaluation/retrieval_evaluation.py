"""Runs the queries of a dataset against search and measures the rankings."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from opentelemetry import trace

from footnote.modules.evaluation import CorpusLoader, ProgressListener
from footnote.modules.evaluation.bounded import map_bounded
from footnote.modules.evaluation.corpus import IngestedCorpus, ingest_corpus
from footnote.modules.evaluation.datasets import QRELS, dataset_name, queries_path, read_qrels, read_queries
from footnote.modules.evaluation.errors import InvalidDataset
from footnote.modules.evaluation.metrics import percentiles, score_rankings
from footnote.modules.evaluation.models import Query, RetrievalReport
from footnote.modules.retrieval import Mode, Retriever, SearchQuery
from footnote.platform.principal import Principal

WANTED = 100  # distinct documents that recall@100 looks at
DEPTHS = (400, 1000)  # chunks to search for them, the second where one document fills many places
TIMED_QUERIES = 200
TIMED_TOP_K = 10

tracer = trace.get_tracer(__name__)

Judged = tuple[Sequence[Query], Mapping[str, dict[str, int]]]  # the queries that have judgements, and these by id


class RetrievalEvaluation:
    def __init__(self, loader: CorpusLoader, retriever: Retriever, *, concurrency: int = 2) -> None:
        self._loader = loader
        self._retriever = retriever
        self._concurrency = concurrency

    @tracer.start_as_current_span("evaluation.retrieval")
    async def run(
        self, principal: Principal, dataset: Path, *, queries: Path | None, mode: Mode, progress: ProgressListener
    ) -> RetrievalReport:
        """Ingest the corpus, search for every judged query, and compare with the judgements.

        Raises:
            InvalidDataset: A file of the dataset is not of the form, or no query has judgements.
        """
        judged = await asyncio.to_thread(judged_queries, dataset, queries)
        corpus = await ingest_corpus(self._loader, principal, dataset, progress)
        return await self.measure(principal, dataset, corpus, judged, mode=mode, progress=progress)

    async def measure(
        self,
        principal: Principal,
        dataset: Path,
        corpus: IngestedCorpus,
        judged: Judged,
        *,
        mode: Mode,
        progress: ProgressListener,
    ) -> RetrievalReport:
        """The same of a corpus that has been ingested."""
        asked, qrels = judged
        seconds = await self._time_searches(principal, asked[:TIMED_QUERIES], mode, progress)
        rankings = await self._rank_all(principal, asked, mode, corpus.doc_ids, progress)
        return RetrievalReport(
            dataset=dataset_name(dataset),
            mode=mode,
            queries=len(asked),
            documents=len(corpus.doc_ids),
            skipped=corpus.skipped,
            failed=corpus.failed,
            chunks=corpus.chunks,
            metrics=await asyncio.to_thread(score_rankings, rankings, qrels),
            seconds={"ingest": corpus.seconds, **percentiles("search", seconds)},
        )

    async def _time_searches(
        self, principal: Principal, queries: Sequence[Query], mode: Mode, progress: ProgressListener
    ) -> list[float]:
        """Seconds of one search of ordinary depth after the other; they go first, when no query is cached."""
        seconds = []
        for done, query in enumerate(queries, start=1):
            begun = perf_counter()
            await self._retriever.search(principal, _search(query, mode, TIMED_TOP_K))
            seconds.append(perf_counter() - begun)
            progress(done, len(queries), "timing")
        return seconds

    async def _rank_all(
        self,
        principal: Principal,
        queries: Sequence[Query],
        mode: Mode,
        doc_ids: Mapping[str, str],
        progress: ProgressListener,
    ) -> dict[str, list[str]]:
        async def rank(query: Query) -> list[str]:
            return await self._rank(principal, query, mode, doc_ids)

        def on_done(done: int) -> None:
            progress(done, len(queries), "searching")

        rankings = await map_bounded(rank, queries, limit=self._concurrency, on_done=on_done)
        return {query.query_id: ranking for query, ranking in zip(queries, rankings, strict=True)}

    async def _rank(self, principal: Principal, query: Query, mode: Mode, doc_ids: Mapping[str, str]) -> list[str]:
        """The dataset's documents in the order of their best chunks."""
        ranking: list[str] = []
        for depth in DEPTHS:
            found = (await self._retriever.search(principal, _search(query, mode, depth))).results
            ids = (doc_ids[passage.document_id] for passage in found if passage.document_id in doc_ids)
            ranking = list(dict.fromkeys(ids))
            if len(found) < depth or len(ranking) >= min(WANTED, len(doc_ids)):
                break
        return ranking


def judged_queries(dataset: Path, chosen: Path | None) -> Judged:
    """
    Raises:
        InvalidDataset: A file of the dataset is not of the form, or no query has judgements.
    """
    path = queries_path(dataset, chosen)
    qrels = read_qrels(dataset / QRELS)
    judged = [query for query in read_queries(path) if query.query_id in qrels]
    if not judged:
        raise InvalidDataset(path, f"none of its queries has judgements in {QRELS}")
    return judged, {query.query_id: qrels[query.query_id] for query in judged}


def _search(query: Query, mode: Mode, top_k: int) -> SearchQuery:
    return SearchQuery(text=query.text, mode=mode, top_k=top_k, filters=query.filters)
