"""How well and how fast searches rank on MongoDB, beside the embedded store, over one dataset.

    python scripts/bench_mongo_search.py --dataset DIRECTORY --uri mongodb://127.0.0.1:27117 [--documents N]
        [--vectors float32|int8|array] [--mode dense|lexical|hybrid]... [--json]

Each store is a new one, dropped afterwards; all modes ask the same one. Settings are those of the environment. With
`--documents` only the first of the corpus are brought in, and the numbers are good for comparing the stores alone.
DocumentDB decodes BSON Binary slowly: take `--vectors array` there for more than some hundred chunks.
"""

import argparse
import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from loguru import logger

from footnote.config.commands.evaluation import throw_away
from footnote.config.settings import load_settings
from footnote.modules.evaluation import RetrievalReport, Stage
from footnote.modules.evaluation.datasets import CORPUS
from footnote.modules.evaluation.loader import DocumentsLoader
from footnote.modules.evaluation.retrieval_evaluation import RetrievalEvaluation
from footnote.modules.retrieval import Mode
from footnote.platform.principal import LOCAL

MODES: tuple[Mode, ...] = ("dense", "lexical", "hybrid")


def silent(done: int, total: int, stage: Stage) -> None: ...


async def reports(flags: dict[str, object], dataset: Path, modes: Sequence[Mode]) -> list[RetrievalReport]:
    settings = load_settings(os.environ, flags=flags).settings
    async with throw_away(settings) as services:
        evaluation = RetrievalEvaluation(DocumentsLoader(services.ingestion), services.retrieval)
        return [await evaluation.run(LOCAL, dataset, queries=None, mode=mode, progress=silent) for mode in modes]


def beginning(dataset: Path, documents: int, folder: Path) -> Path:
    """A copy of the dataset with the first `documents` of its corpus."""
    copy = folder / dataset.name
    shutil.copytree(dataset, copy)
    with (dataset / CORPUS).open() as lines:
        (copy / CORPUS).write_text("".join(islice(lines, documents)))
    return copy


def row(store: str, report: RetrievalReport) -> dict[str, Any]:
    """Metrics as shares, times in milliseconds."""
    return {
        "store": store,
        "mode": report.mode,
        "chunks": report.chunks,
        "ndcg_at_10": round(report.metrics["ndcg@10"], 4),
        "recall_at_100": round(report.metrics["recall@100"], 4),
        "p50_ms": round(report.seconds["search_p50"] * 1000, 1),
        "p95_ms": round(report.seconds["search_p95"] * 1000, 1),
    }


async def compared(options: argparse.Namespace, dataset: Path) -> list[dict[str, Any]]:
    modes = options.mode or MODES
    stores: dict[str, dict[str, object]] = {
        "sqlite": {"store": "sqlite"},
        "mongodb": {"store": options.uri, "mongodb_vectors": options.vectors},
    }
    found = {name: await reports(flags, dataset, modes) for name, flags in stores.items()}
    return [row(name, report) for name, of_store in found.items() for report in of_store]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--uri", required=True)
    parser.add_argument("--documents", type=int)
    parser.add_argument("--vectors", choices=("float32", "int8", "array"), default="float32")
    parser.add_argument("--mode", choices=MODES, action="append")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logger.remove()
    with tempfile.TemporaryDirectory() as folder:
        dataset = options.dataset
        if options.documents:
            dataset = beginning(dataset, options.documents, Path(folder))
        rows = asyncio.run(compared(options, dataset))
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    print(*rows[0], sep="\t")
    for each in rows:
        print(*each.values(), sep="\t")


if __name__ == "__main__":
    main()
