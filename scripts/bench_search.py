"""How long searches take, beside NumPy's exact float scan of the same embeddings in the same run.

    python scripts/bench_search.py [--chunks N]... [--queries N] [--seconds S] [--store FOLDER] [--only PART]...
        [--json]

Chunks are made up: words drawn by Zipf's law, clustered embeddings. Those of the questions are known beforehand, so
the model takes no part; nothing is reranked. With `--store` a filled store is kept in FOLDER, one for each size, and
taken again. Indexes of others are measured where they are installed (`pip install --group bench`).
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from loguru import logger
from search_bench.adding import add_and_tell, adding
from search_bench.filling import DONE, STORE, VECTORS, fill
from search_bench.measuring import SCAN, clients, filtered, latencies, memory, searchable
from search_bench.peers import peers

from footnote.platform.inference import Embeddings
from footnote.platform.interpreter import settle_in

SIZES = (5_000, 100_000)
LARGEST_SCANNED = 200_000  # chunks: beyond, the floats of the scan are more than what is measured
READ_AT_ONCE = 1 << 20  # bytes
COLUMNS = ("p50 ms", "p95 ms", "ms of a core", "p50 / scan's p50", "p95 / scan's p50", "of a core / scan's")
PARTS = ("latency", "filter", "clients", "adding", "peers")


async def measure(folder: Path, queries: int, seconds: float, only: Sequence[str]) -> dict[str, Any]:
    measured: dict[str, Any] = {"load": os.getloadavg()[0], "read from the database in s": (folder / DONE).read_text()}
    measured["memory before"] = memory()
    read_once(folder / STORE)
    async with searchable(folder) as opened:
        began = perf_counter()
        await opened.index.refresh()
        measured["opened from files in s"] = round(perf_counter() - began, 2)
        for asked in opened.questions(20, block=1):
            await opened.search(asked)
        await asyncio.to_thread(opened.index._published.background.wait)  # until all is ready, soon after a start
        settle_in()  # as a server does
        measured["memory"] = memory()
        matrix = vectors_of(folder)
        if "latency" in only:
            measured |= await latencies(opened, matrix, opened.questions(queries, block=2))
        if "filter" in only:
            measured["filter"] = await filtered(opened, matrix, opened.questions(queries // 2, block=3))
        del matrix  # is no part of the memory that is measured
        if "clients" in only:
            measured["clients"] = {
                **await clients(opened, seconds, block=4, mode="hybrid"),
                **await clients(opened, seconds, block=5, mode="dense"),
            }
        measured["memory after"] = memory()
        matrix = vectors_of(folder)
        if "adding" in only:
            measured["adding"] = {
                where: await adding(opened, folder, matrix, seconds, elsewhere=where == "by another process")
                for where in ("by the same process", "by another process")
            }
        if "peers" in only and len(matrix) <= LARGEST_SCANNED:
            measured["peers"] = dict(peers(matrix, opened.questions(queries // 2, block=8)))
    return measured


def read_once(path: Path) -> None:
    """So that the system has it in memory, like the floats of the scan: a passage not yet read takes 0.1 ms more."""
    with path.open("rb") as file:
        while file.read(READ_AT_ONCE):
            pass


def vectors_of(folder: Path) -> Embeddings:
    floats: Embeddings = np.load(folder / VECTORS, mmap_mode="r")
    return np.array(floats) if len(floats) <= LARGEST_SCANNED else floats


def of_size(chunks: int, store: Path, options: argparse.Namespace) -> dict[str, Any]:
    folder = store / str(chunks)
    seconds = 0.0
    if not (folder / DONE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        began = perf_counter()
        # In a process of its own: what filling takes is no part of the memory that is measured.
        subprocess.run([sys.executable, __file__, "--fill", str(folder), "--chunks", str(chunks)], check=True)
        seconds = round(perf_counter() - began, 1)
    measured = asyncio.run(measure(folder, options.queries, options.seconds, options.only or PARTS))
    return {"chunks": chunks, "filled in s": seconds, **measured}


def lines(measured: dict[str, Any]) -> list[str]:
    """Every number with the way to it."""
    found = [f"## {measured['chunks']:,} chunks", ""]
    for condition, ways in measured.get("latency", {}).items():
        found += [*_table(condition, ways), ""]
    found += [*_flat({name: each for name, each in measured.items() if name not in ("latency", "chunks")})]
    return found


def _table(condition: str, ways: Mapping[str, Mapping[str, float]]) -> list[str]:
    found = [f"| {condition} | {' | '.join(COLUMNS)} |", "| --- |" + " ---: |" * len(COLUMNS)]
    scan = ways[SCAN]
    for name, each in ways.items():
        ratios = f"{each['p50'] / scan['p50']:.2f} | {each['p95'] / scan['p50']:.2f} | {each['cpu'] / scan['cpu']:.2f}"
        found.append(f"| {name} | {each['p50']} | {each['p95']} | {each['cpu']} | {ratios} |")
    return found


def _flat(values: dict[str, Any], before: str = "") -> list[str]:
    found = []
    for name, value in values.items():
        if isinstance(value, dict) and any(isinstance(each, dict) for each in value.values()):
            found += _flat(value, f"{before}{name}: ")
        elif isinstance(value, dict):
            found.append(f"- {before}{name}: " + ", ".join(f"{key} {each}" for key, each in value.items()))
        else:
            found.append(f"- {before}{name}: {value}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, action="append", help="5000 and 100000 unless given")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement with several clients")
    parser.add_argument("--store", type=Path, help="where filled stores are kept")
    parser.add_argument("--only", choices=PARTS, action="append", help="all unless given")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--add-to", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    logger.remove()
    if options.fill:
        return asyncio.run(fill(options.fill, options.chunks[0]))
    if options.add_to:
        return asyncio.run(add_and_tell(options.add_to, options.first))
    with tempfile.TemporaryDirectory() as throw_away:
        store = options.store or Path(throw_away)
        for chunks in options.chunks or SIZES:
            measured = of_size(chunks, store, options)
            print(json.dumps(measured) if options.json else "\n".join([*lines(measured), ""]), flush=True)
    return None


if __name__ == "__main__":
    main()
