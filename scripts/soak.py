"""Kills the server or a worker again and again in the middle of an ingest, and checks that it changes nothing.

    python scripts/soak.py [--kills N] [--documents N] [--seed N]

A server and a worker share one store and ingest documents of many formats. Half of the kills come at a random moment,
half at a named commit point: right before or right after a transaction is committed or bytes are made durable. Rounds
follow each other until there were enough kills; after each, what is published must be what an undisturbed run of the
same files publishes: the multiset of content hash, chunker, start, end, text and embedding. It fails if not.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.soak import Tally, soak
from support.soak_files import soak_files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = soak(Path(folder), soak_files(asked.documents), random.Random(asked.seed), asked.kills, print)
    describe(tally)


def describe(tally: Tally) -> None:
    for where, number in sorted(tally.kills.items()):
        print(f"{number:5} {where}")
    waits = sorted(tally.resumed)
    print(f"{tally.total} kills in {tally.rounds} rounds; nothing lost, nothing doubled")
    if waits:
        print(f"{len(waits)} jobs taken over: median {median(waits):.1f} s, longest {waits[-1]:.1f} s after the kill")


if __name__ == "__main__":
    main()
