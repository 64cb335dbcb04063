"""Kills servers and workers again and again in the middle of an ingest, and checks that it changes nothing.

    python scripts/soak.py [--store sqlite | mongodb] [--kills N] [--documents N] [--seed N]

On SQLite a server and a worker share one store and ingest documents of many formats. On MongoDB two servers and four
workers share one and ingest many small documents; that server is the one of the tests, and FOOTNOTE_TEST_MONGODB_URI
names another. Half of the kills come at a random moment, half at a named commit point: right before or right after a
transaction is committed or bytes are made durable. Rounds follow each other until there were enough kills; after each,
what is published must be what an undisturbed run of the same files publishes: the multiset of content hash, chunker,
start, end, text and embedding. It fails if not.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import monotonic
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.contents import MongoContents
from support.mongo_server import mongo_uri
from support.soak import Fleet, Tally, soak
from support.soak_files import small_files, soak_files

ON_MONGODB = Fleet(servers=2, workers=4, place=lambda _: MongoContents(mongo_uri(f"footnote_soak_{uuid4().hex[:16]}")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", choices=["sqlite", "mongodb"])
    parser.add_argument("--kills", type=int, help="200, on MongoDB 60")
    parser.add_argument("--documents", type=int, help="50, on MongoDB 500")
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    if asked.store != "mongodb":
        run("SQLite", soak_files(asked.documents or 50), asked.kills or 200, asked.seed, Fleet())
    if asked.store != "sqlite":
        run("MongoDB", small_files(asked.documents or 500), asked.kills or 60, asked.seed, ON_MONGODB)


def run(name: str, files: Mapping[str, bytes], kills: int, seed: int, fleet: Fleet) -> None:
    tell(f"{name}: {fleet.servers} servers, {fleet.workers} workers")
    begun = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        describe(soak(Path(folder), files, random.Random(seed), kills, tell, fleet))
    tell(f"{monotonic() - begun:.0f} s")


def tell(line: str) -> None:
    print(line, flush=True)


def describe(tally: Tally) -> None:
    for where, number in sorted(tally.kills.items()):
        print(f"{number:5} {where}")
    waits = sorted(tally.resumed)
    print(f"{tally.total} kills in {tally.rounds} rounds; nothing lost, nothing doubled")
    if waits:
        print(f"{len(waits)} jobs taken over: median {median(waits):.1f} s, longest {waits[-1]:.1f} s after the kill")


if __name__ == "__main__":
    main()
