"""Reads files of every format, damaged at random, in a child process with limits, for some minutes.

    python scripts/fuzz.py [FOLDER ...] [--seconds N] [--seed N] [--endless]

Files are made up, and taken from each FOLDER too. Whatever a damaged file does, it must be read, refused with a reason,
or end the child that reads it; anything else is printed, and the exit code is 1. With --endless it uses texts instead
that say one thing without end, and what takes far longer than ordinary text is printed.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.endless import disproportionate
from support.fuzzing import LARGEST, fuzz
from support.soak_files import soak_files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--endless", action="store_true")
    asked = parser.parse_args()
    if asked.endless:
        sys.exit(1 if told(disproportionate()) else 0)
    files = soak_files(12)
    for folder in asked.folders:
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".json"]
        files |= {path.name: path.read_bytes() for path in paths if 0 < path.stat().st_size <= LARGEST}
    findings = fuzz(files, asked.seconds, asked.seed)
    for outcome, number in sorted(findings.outcomes.items()):
        print(f"{number:7} {outcome}")
    print(f"{findings.files} damaged files; the slowest took {findings.slowest:.1f} s")
    for finding in findings.unexpected:
        print(f"\nUNEXPECTED {finding}")
    sys.exit(1 if findings.unexpected else 0)


def told(findings: Iterable[str]) -> int:
    """How many there are."""
    count = 0
    for finding in findings:
        print(finding, flush=True)
        count += 1
    return count


if __name__ == "__main__":
    main()
