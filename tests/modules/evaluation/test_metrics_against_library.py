"""The metrics equal those of ir-measures, which runs trec_eval, on a run with grades, ties and gaps."""

from collections import defaultdict
from pathlib import Path

import ir_measures
import pytest
from ir_measures import AP, RR, P, Qrel, R, ScoredDoc, nDCG

from footnote.modules.evaluation.datasets import read_qrels
from footnote.modules.evaluation.metrics import METRICS, score_rankings

DATA = Path(__file__).parent / "data"
NAMES = {"ndcg@10": nDCG @ 10, "recall@10": R @ 10, "recall@100": R @ 100, "map": AP, "precision@10": P @ 10}

Run = dict[str, dict[str, float]]
Qrels = dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def run() -> Run:
    scores: Run = defaultdict(dict)
    for line in (DATA / "run.tsv").read_text().splitlines():
        query_id, doc_id, score = line.split("\t")
        scores[query_id][doc_id] = float(score)
    return scores


@pytest.fixture(scope="module")
def qrels() -> Qrels:
    return read_qrels(DATA / "qrels.tsv")


@pytest.fixture(scope="module")
def rankings(run: Run) -> dict[str, list[str]]:
    """Best first, equal scores in the order trec_eval gives them: by document id, descending."""
    return {query_id: sorted(found, key=lambda doc: (found[doc], doc), reverse=True) for query_id, found in run.items()}


def by_library(measure: ir_measures.Measure, run: Run, qrels: Qrels) -> dict[str, float]:
    judged = [Qrel(query_id, doc, grade) for query_id, grades in qrels.items() for doc, grade in grades.items()]
    scored = [ScoredDoc(query_id, doc, score) for query_id, found in run.items() for doc, score in found.items()]
    return {metric.query_id: metric.value for metric in ir_measures.iter_calc([measure], judged, scored)}


def ours(name: str, rankings: dict[str, list[str]], qrels: Qrels) -> dict[str, float]:
    return {query_id: score_rankings(rankings, {query_id: judged})[name] for query_id, judged in qrels.items()}


def without_ties(rankings: dict[str, list[str]]) -> Run:
    return {query_id: {doc: -float(place) for place, doc in enumerate(found)} for query_id, found in rankings.items()}


def test_the_run_has_ties_and_gaps(run: Run, qrels: Qrels) -> None:
    assert any(len(set(found.values())) < len(found) for found in run.values())
    assert run.keys() - qrels.keys()
    assert qrels.keys() - run.keys()
    assert any(judged.keys() - run[query_id].keys() for query_id, judged in qrels.items() if query_id in run)
    assert {grade for judged in qrels.values() for grade in judged.values()} == {0, 1, 2, 3}


@pytest.mark.parametrize("name", NAMES)
def test_each_query_scores_as_in_the_library(name: str, run: Run, rankings: dict[str, list[str]], qrels: Qrels) -> None:
    assert ours(name, rankings, qrels) == pytest.approx(by_library(NAMES[name], run, qrels), abs=1e-9)


def test_reciprocal_rank_scores_as_in_the_library(rankings: dict[str, list[str]], qrels: Qrels) -> None:
    expected = by_library(RR @ 10, without_ties(rankings), qrels)
    assert ours("mrr@10", rankings, qrels) == pytest.approx(expected, abs=1e-9)


def test_the_means_are_those_of_the_library(rankings: dict[str, list[str]], qrels: Qrels) -> None:
    judged = [Qrel(query_id, doc, grade) for query_id, grades in qrels.items() for doc, grade in grades.items()]
    measures = {**NAMES, "mrr@10": RR @ 10}
    means = ir_measures.calc_aggregate(measures.values(), judged, without_ties(rankings))
    expected = {name: means[measure] for name, measure in measures.items()}
    assert expected.keys() == METRICS.keys()
    assert score_rankings(rankings, qrels) == pytest.approx(expected, abs=1e-9)
