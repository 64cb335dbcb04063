"""What each stage of ranking is worth: nDCG@10 and milliseconds with it on and off, on every dataset.

    python scripts/measure_ranking.py DATASET... [--queries N] [--sample FILE] [--only NAME]... [--json]

Each dataset is ingested once into a throw-away store; then the same queries are asked with every variant of the
settings. Milliseconds are those of one search of ten passages after the other, the question's embedding included.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from loguru import logger

from footnote.config.commands.evaluation import throw_away
from footnote.config.ranking import build_planner, build_ranking
from footnote.config.services import Services
from footnote.config.settings import Settings, load_settings
from footnote.modules.evaluation.corpus import IngestedCorpus, ingest_corpus
from footnote.modules.evaluation.loader import DocumentsLoader
from footnote.modules.evaluation.retrieval_evaluation import Judged, RetrievalEvaluation, judged_queries
from footnote.modules.retrieval import Mode
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.principal import LOCAL

Variant = tuple[Mode, dict[str, Any]]

UNPLANNED: dict[str, Any] = {"query_planning": []}
REFINED = ("token_similarity", "smoothing", "vector_feedback", "document_evidence")
BARE = {**dict.fromkeys(REFINED, 0.0), **UNPLANNED}
VARIANTS: dict[str, Variant] = {
    "dense alone": ("dense", UNPLANNED),
    "lexical alone": ("lexical", UNPLANNED),
    "reciprocal ranks": ("hybrid", {"fusion": "rrf", **BARE}),
    "convex sum": ("hybrid", {"fusion": "convex", **BARE}),
    "standardised sum": ("hybrid", BARE),
    "all stages (default)": ("hybrid", {}),
    "without late interaction": ("hybrid", {"token_similarity": 0.0}),
    "without smoothing": ("hybrid", {"smoothing": 0.0}),
    "without vector feedback": ("hybrid", {"vector_feedback": 0.0}),
    "without document evidence": ("hybrid", {"document_evidence": 0.0}),
    "without planning": ("hybrid", UNPLANNED),
}


async def measured(
    settings: Settings, dataset: Path, judged: Judged, variants: Mapping[str, Variant]
) -> dict[str, dict[str, float]]:
    async with throw_away(settings) as services:
        corpus = await ingest_corpus(DocumentsLoader(services.ingestion), LOCAL, dataset, quiet)
        return {
            name: await scored(settings, services, dataset, corpus, judged, variant)
            for name, variant in variants.items()
        }


def chosen(dataset: Path, sample: str | None, limit: int | None) -> Judged:
    """The judged queries of the file `sample`, where the dataset has it, or else all; of too many every nth."""
    path = dataset / sample if sample else None
    asked, qrels = judged_queries(dataset, path if path and path.exists() else None)
    if limit and len(asked) > limit:
        asked = asked[:: -(-len(asked) // limit)]
    return asked, {query.query_id: qrels[query.query_id] for query in asked}


async def scored(
    settings: Settings, services: Services, dataset: Path, corpus: IngestedCorpus, judged: Judged, variant: Variant
) -> dict[str, float]:
    mode, changes = variant
    chosen = msgspec.structs.replace(settings, **changes)
    retrieval = RetrievalService(
        services.store.index, services.embedder, ranking=build_ranking(chosen), planner=build_planner(chosen)
    )
    evaluation = RetrievalEvaluation(DocumentsLoader(services.ingestion), retrieval)
    report = await evaluation.measure(LOCAL, dataset, corpus, judged, mode=mode, progress=quiet)
    return {"ndcg@10": report.metrics["ndcg@10"], "p50_ms": 1000 * report.seconds["search_p50"]}


def quiet(done: int, total: int, stage: str) -> None:
    pass


def table(found: Mapping[str, Mapping[str, Mapping[str, float]]], asked: Mapping[str, int]) -> str:
    rows = [f"| | {' | '.join(found)} |", f"| --- |{' --- |' * len(found)}"]
    rows.append(f"| queries | {' | '.join(str(asked[dataset]) for dataset in found)} |")
    for name in next(iter(found.values())):
        cells = (f"{each[name]['ndcg@10']:.3f} ({each[name]['p50_ms']:.0f})".lstrip("0") for each in found.values())
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--queries", type=int, help="at most so many of each dataset, at even distances")
    parser.add_argument("--sample", metavar="FILE", help="take the queries from this file of the datasets that have it")
    parser.add_argument("--only", metavar="NAME", choices=VARIANTS, action="append", help="these variants alone")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logger.remove()
    settings = load_settings({}).settings
    variants = {name: VARIANTS[name] for name in options.only or VARIANTS}
    found, asked = {}, {}
    for dataset in options.datasets:
        judged = chosen(dataset, options.sample, options.queries)
        asked[dataset.name] = len(judged[0])
        found[dataset.name] = await measured(settings, dataset, judged, variants)
        print(dataset.name, f"{len(judged[0])} queries", found[dataset.name], file=sys.stderr)
    print(json.dumps(found, indent=1) if options.json else table(found, asked))


if __name__ == "__main__":
    asyncio.run(main())
