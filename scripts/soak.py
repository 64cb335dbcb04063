"""Kills the server or a worker again and again in the middle of an ingest, and checks that it changes nothing.

    python scripts/soak.py [--kills N] [--documents N] [--seed N]

A server and a worker share one store and ingest documents of many formats. Half of the kills come at a random moment,
half at a named commit point: right before or right after a transaction is committed or bytes are made durable. Rounds
follow each other until there were enough kills; after each, what is published must be what an undisturbed run of the
same files publishes: the multiset of content hash, chunker, start, end, text and embedding. Exits with 1 if not.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.soak import Tally, calm_run, left_over, rough_run
from support.soak_files import soak_files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    files, chance, tally = soak_files(asked.documents), random.Random(asked.seed), Tally()
    with tempfile.TemporaryDirectory() as folder:
        expected, points = calm_run(Path(folder) / "calm", files)
        print(f"{len(files)} files, {expected.total()} chunks, {len(points)} commit points: {', '.join(points)}")
        while tally.total < asked.kills:
            home = Path(folder) / f"rough-{tally.rounds}"
            found = rough_run(home, files, points, chance, asked.kills - tally.total, tally)
            print(f"round {tally.rounds}: {tally.total} kills; left over: {left_over(home)}")
            if found != expected or any(left_over(home).values()):
                print(f"DIFFERENT: {(expected - found).total()} chunks lost, {(found - expected).total()} too many")
                sys.exit(1)
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
