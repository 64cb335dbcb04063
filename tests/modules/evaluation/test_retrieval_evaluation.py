from math import log2
from pathlib import Path
from typing import Any

import pytest

from footnote.modules.evaluation import CorpusLoader, InvalidDataset, ProgressListener, RetrievalReport, Stage
from footnote.modules.evaluation.retrieval_evaluation import DEPTHS, TIMED_TOP_K, RetrievalEvaluation
from footnote.modules.retrieval import Passage, Ranks, Scores, SearchQuery, SearchResults
from footnote.platform.principal import LOCAL, Principal


class FixedRetriever:
    """Finds the same chunks for every query, each named by the `doc_id` of its document."""

    def __init__(self, *doc_ids: str) -> None:
        self.queries: list[SearchQuery] = []
        self._found = tuple(passage(doc_id) for doc_id in doc_ids)

    def check(self, query: SearchQuery) -> None:
        pass

    async def search(self, principal: Principal, query: SearchQuery) -> SearchResults:
        self.queries.append(query)
        return SearchResults(results=self._found[: query.top_k], trace_id="", timings_ms={})

    async def passages(self, principal: Principal, document_id: str) -> tuple[Passage, ...]:
        return ()


def passage(doc_id: str) -> Passage:
    return Passage(
        id="",
        document_id=f"id-of-{doc_id}",
        version=1,
        title="",
        text="",
        start=0,
        end=0,
        pages=(),
        boxes=(),
        heading_path=(),
        score=0.0,
        scores=Scores(),
        ranks=Ranks(),
    )


@pytest.fixture
def measure(loader: CorpusLoader, dataset: Path, progress: ProgressListener) -> Any:
    async def run(retriever: FixedRetriever, queries: Path | None = None) -> RetrievalReport:
        evaluation = RetrievalEvaluation(loader, retriever)
        return await evaluation.run(LOCAL, dataset, queries=queries, mode="lexical", progress=progress)

    return run


async def test_a_document_ranks_by_its_best_chunk(measure: Any) -> None:
    report = await measure(FixedRetriever("drag", "drag", "lift", "drag"))
    expected = (1 / log2(3) + 2 / (2 + 1 / log2(3))) / 2
    assert report.metrics["ndcg@10"] == pytest.approx(expected)
    assert report.metrics["mrr@10"] == 0.75


async def test_the_report_counts_what_was_used(measure: Any) -> None:
    report = await measure(FixedRetriever("lift"))
    assert (report.dataset, report.mode, report.queries) == ("small", "lexical", 2)
    assert (report.documents, report.skipped, report.failed, report.chunks) == (2, 1, 1, 4)
    assert list(report.metrics) == ["ndcg@10", "recall@10", "recall@100", "mrr@10", "map", "precision@10"]
    assert list(report.seconds) == ["ingest", "search_p50", "search_p95"]


async def test_documents_from_elsewhere_take_no_place(measure: Any) -> None:
    report = await measure(FixedRetriever("elsewhere", "wake", "lift"))
    assert report.metrics["mrr@10"] == 0.5


async def test_judged_queries_are_searched_as_they_stand(measure: Any) -> None:
    retriever = FixedRetriever("lift", "drag")
    await measure(retriever)
    asked = [(query.text, query.filters, query.mode, query.top_k) for query in retriever.queries]
    lift = ("What does lift grow with?", {"language": "en"}, "lexical")
    drag = ("Who measured drag?", None, "lexical")
    assert asked == [(*query, top_k) for top_k in (TIMED_TOP_K, DEPTHS[0]) for query in (lift, drag)]


async def test_search_goes_deeper_when_one_document_fills_the_places(measure: Any) -> None:
    report = await measure(FixedRetriever(*["drag"] * DEPTHS[0], "lift"))
    assert report.metrics["recall@100"] == 0.75


async def test_progress_tells_every_stage(measure: Any, heard: dict[Stage, tuple[int, int]]) -> None:
    await measure(FixedRetriever("lift"))
    assert heard == {"ingesting": (3, 3), "timing": (2, 2), "searching": (2, 2)}


async def test_other_queries_can_be_chosen(measure: Any, dataset: Path) -> None:
    (dataset / "one.jsonl").write_text('{"query_id": "2", "text": "Drag?"}')
    report = await measure(FixedRetriever("drag"), Path("one.jsonl"))
    assert (report.queries, report.metrics["recall@10"]) == (1, 0.5)


async def test_queries_without_any_judgement_are_refused(measure: Any, dataset: Path) -> None:
    (dataset / "qrels.tsv").write_text("other\tlift\t1\n")
    with pytest.raises(InvalidDataset, match=r"queries\.jsonl: none of its queries has judgements"):
        await measure(FixedRetriever("lift"))


async def test_a_wrong_corpus_is_found_before_ingesting(
    measure: Any, dataset: Path, heard: dict[Stage, tuple[int, int]]
) -> None:
    with (dataset / "corpus.jsonl").open("a") as corpus:
        corpus.write("\nnot JSON")
    with pytest.raises(InvalidDataset, match=r"corpus\.jsonl, line 5"):
        await measure(FixedRetriever("lift"))
    assert heard == {}
