"""Fits the constants of modules/generation/confidence.py and says what they are worth on the other half.

    python scripts/fit_confidence.py DATASET... [--weights W...] [--limit N] [--strangers N]
        [--picture FILE.svg]

Every dataset goes through a throw-away store; its questions are halved by the document or article that they are about.
A weight says how much one question of that dataset counts, 1 by default. Strangers are questions of the other datasets,
to which a store has no answer: people ask what no document is about, too.
"""

import argparse
import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from grounding_sets.reliability import picture
from numpy.typing import NDArray

from footnote.config.commands.evaluation import throw_away
from footnote.config.services import Services
from footnote.config.settings import load_settings
from footnote.modules.evaluation.calibration import auroc, expected_calibration_error
from footnote.modules.evaluation.corpus import ingest_corpus
from footnote.modules.evaluation.datasets import queries_path, read_queries
from footnote.modules.evaluation.loader import DocumentsLoader
from footnote.modules.evaluation.matching import contains_answer
from footnote.modules.evaluation.models import Query
from footnote.modules.generation.chatting import numbered
from footnote.modules.generation.confidence import probability
from footnote.modules.generation.pipeline import Limits
from footnote.modules.retrieval import SearchQuery
from footnote.platform.inference.extractive import SentenceRanker, Signals, quoted, signals
from footnote.platform.inference.local import LocalTokenizer
from footnote.platform.principal import LOCAL

LIMITS = Limits()
RIDGE = 1.0
NEWTON_STEPS = 30

Array = NDArray[np.float64]


class Outcome(msgspec.Struct, frozen=True):
    signs: tuple[float, ...]
    is_right: bool
    is_answerable: bool
    is_held_out: bool


async def outcomes(dataset: Path, own: Sequence[Query], strangers: Sequence[Query]) -> list[Outcome]:
    async with throw_away(load_settings(os.environ).settings) as services:
        await ingest_corpus(DocumentsLoader(services.ingestion), LOCAL, dataset, lambda *_: None)
        ranker = SentenceRanker(services.local, LocalTokenizer())
        asked = [*own, *strangers]
        held_out = set(sorted({subject(query) for query in asked})[1::2])
        return [await outcome(services, ranker, query, subject(query) in held_out) for query in asked]


def questions(dataset: Path, limit: int | None) -> list[Query]:
    """Those of which it is known whether there is an answer; of more than `limit` some from everywhere."""
    known = [query for query in read_queries(queries_path(dataset, None)) if query.is_answerable is not None]
    return known[:: max(1, len(known) // limit)] if limit else known


def strangers(others: Sequence[Sequence[Query]], number: int) -> list[Query]:
    every = [msgspec.structs.replace(query, answerable=False, answers=()) for queries in others for query in queries]
    return every[:: max(1, len(every) // number)][:number] if number else []


def subject(query: Query) -> str:
    """What stands before the `#` of a document's id groups the documents of one article."""
    return (query.gold_passage_id or query.query_id).partition("#")[0]


async def outcome(services: Services, ranker: SentenceRanker, query: Query, is_held_out: bool) -> Outcome:
    passages = (await services.retrieval.search(LOCAL, SearchQuery(text=query.text, top_k=LIMITS.top_k))).results
    ranking = await ranker.rank(query.text, numbered(passages))
    found = quoted(ranking, max_sentences=LIMITS.max_sentences, max_words=LIMITS.max_words)
    answer = " ".join(candidate.text for candidate in found)
    signs = signals(ranking)
    assert signs is not None, "the store has documents, so there are sentences"
    is_answerable = bool(query.is_answerable)
    is_right = is_answerable and contains_answer(answer, query.answers)
    return Outcome(msgspec.structs.astuple(signs), is_right, is_answerable, is_held_out)


def fit(signs: Array, is_right: Array, weights: Array) -> Array:
    """Coefficients of a ridge logistic regression, the last one the bias; Newton's method on standardised signs."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    inputs = np.column_stack([(signs - mean) / spread, np.ones(len(signs))])
    ridge = np.diag([RIDGE] * signs.shape[1] + [0.0])
    found = np.zeros(inputs.shape[1])
    for _ in range(NEWTON_STEPS):
        predicted = 1 / (1 + np.exp(-inputs @ found))
        gradient = inputs.T @ (weights * (predicted - is_right)) + ridge @ found
        curvature = (inputs * (weights * predicted * (1 - predicted))[:, None]).T @ inputs + ridge
        found -= np.linalg.solve(curvature, gradient)
    slopes = found[:-1] / spread
    return np.append(slopes, found[-1] - slopes @ mean)


def describe(name: str, held_out: Sequence[Outcome], coefficients: Array) -> None:
    confidences = [
        float(1 / (1 + np.exp(-np.array(outcome.signs) @ coefficients[:-1] - coefficients[-1]))) for outcome in held_out
    ]
    judged = list(zip(confidences, held_out, strict=True))
    kept = [confidence >= LIMITS.abstain_below for confidence, outcome in judged if outcome.is_right]
    silent = [confidence < LIMITS.abstain_below for confidence, outcome in judged if not outcome.is_answerable]
    area = auroc(
        [confidence for confidence, outcome in judged if outcome.is_answerable],
        [confidence for confidence, outcome in judged if not outcome.is_answerable],
    )
    error = expected_calibration_error([(confidence, outcome.is_right) for confidence, outcome in judged])
    print(f"{name}: {len(judged)} questions, ece {error:.3f}, abstention auroc {area}")
    print(f"  right answers given {np.mean(kept):.3f}, abstained where there is none {np.mean(silent or [0]):.3f}")


def judged(held_out: Sequence[Outcome]) -> list[tuple[float, bool]]:
    """Confidence as the product gives it, and whether the answer was right."""
    names = Signals.__struct_fields__
    return [(probability(Signals(**dict(zip(names, each.signs, strict=True)))), each.is_right) for each in held_out]


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the confidence of answers.")
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--weights", nargs="*", type=float)
    parser.add_argument("--limit", type=int, help="questions of each dataset; all unless given")
    parser.add_argument("--picture", type=Path, help="where the reliability of what was fitted is drawn")
    parser.add_argument("--strangers", type=int, default=0, help="questions of the other datasets asked of each")
    chosen = parser.parse_args()
    asked = {folder: questions(folder, chosen.limit) for folder in chosen.datasets}
    found = {}
    for folder, own in asked.items():
        others = [queries for other, queries in asked.items() if other != folder]
        found[folder] = asyncio.run(outcomes(folder, own, strangers(others, chosen.strangers)))
    weights = dict(zip(chosen.datasets, chosen.weights or [1.0] * len(found), strict=True))
    fitted = [(o, weights[folder]) for folder, group in found.items() for o in group if not o.is_held_out]
    coefficients = fit(
        np.array([o.signs for o, _ in fitted], float),
        np.array([o.is_right for o, _ in fitted], float),
        np.array([weight for _, weight in fitted]),
    )
    for name, coefficient in zip((*Signals.__struct_fields__, "bias"), coefficients, strict=True):
        print(f"{name} = {coefficient:.3f}")
    for folder, group in found.items():
        describe(folder.name, [o for o in group if o.is_held_out], coefficients)
    if chosen.picture:
        curves = {folder.name: judged([o for o in group if o.is_held_out]) for folder, group in found.items()}
        chosen.picture.write_text(picture(curves), "utf-8")


if __name__ == "__main__":
    main()
