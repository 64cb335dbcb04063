"""How fast PDF becomes text with word layout, beside pdfplumber's plain text in the same run.

    python scripts/bench_extraction.py FILE_OR_FOLDER... [--rounds N] [--sample N] [--json]

A round reads all pages twice, with tables and without, and a sample of the same pages with pdfplumber's
`extract_text`, one after the other in one process; what begins changes from round to round. Shown are medians of the
rounds in pages a second of processor time, and the medians of the rounds' own ratios to the reference. Without tables
is what is left when the search for tables is switched off; OCR is off in both, so that pages without text cost nothing.
"""

import argparse
import json
import random
import resource
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import pdfplumber
import pypdfium2 as pdfium

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction import pdf_page as pages
from footnote.modules.ingestion.extraction.kinds import PDF

SEED = 20_240_101
REFERENCE, BARE, LAYOUT, TABLES = "pdfplumber text", "PDFium text", "text and words", "text, words and tables"

Measure = Callable[[], int]  # reads pages and says how many


def page_counts(files: Sequence[Path]) -> dict[Path, int]:
    counts = {}
    for file in files:
        document = pdfium.PdfDocument(file)
        counts[file] = len(document)
        document.close()
    return counts


def sample_of(counts: dict[Path, int], size: int, chance: random.Random) -> list[tuple[Path, int]]:
    """Files and page indexes, in order."""
    every = [(file, index) for file, count in counts.items() for index in range(count)]
    return sorted(chance.sample(every, min(size, len(every))))


def read_with_pdfplumber(sample: Sequence[tuple[Path, int]]) -> int:
    by_file: dict[Path, list[int]] = {}
    for file, index in sample:
        by_file.setdefault(file, []).append(index)
    for file, indexes in by_file.items():
        with pdfplumber.open(file, pages=[index + 1 for index in indexes]) as document:
            for page in document.pages:
                page.extract_text()
                page.close()
    return len(sample)


def read_bare(files: Sequence[Path]) -> int:
    count = 0
    for file in files:
        document = pdfium.PdfDocument(file)
        for page in document:
            page.get_textpage().get_text_range()
            page.close()
            count += 1
        document.close()
    return count


def read_with_words(files: Sequence[Path], scratch: Path, *, tables: bool) -> int:
    with switched(tables=tables):
        return sum(len(part.layout.pages) for file in files for part in extract(file, PDF, Context(scratch)))


@contextmanager
def switched(*, tables: bool) -> Iterator[None]:
    before = pages.page_tables, pages.needs_ocr
    setattr(pages, "needs_ocr", lambda *_: False)  # noqa: B010, the names belong to that module
    if not tables:
        setattr(pages, "page_tables", lambda *_: [])  # noqa: B010
    try:
        yield
    finally:
        pages.page_tables, pages.needs_ocr = before


def pages_a_second(measure: Measure) -> float:
    start = process_time()
    count = measure()
    return count / (process_time() - start)


def measured(files: Sequence[Path], rounds: int, size: int) -> dict[str, Any]:
    chance = random.Random(SEED)
    counts = page_counts(files)
    found: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(rounds):
            sample = sample_of(counts, size, chance)
            measures: list[tuple[str, Measure]] = [
                (REFERENCE, lambda sample=sample: read_with_pdfplumber(sample)),
                (BARE, lambda: read_bare(files)),
                (LAYOUT, lambda: read_with_words(files, Path(scratch), tables=False)),
                (TABLES, lambda: read_with_words(files, Path(scratch), tables=True)),
            ]
            order = measures[:: (-1) ** number]
            found.append({name: pages_a_second(measure) for name, measure in order})
    return {
        "pages": sum(counts.values()),
        "sample": min(size, sum(counts.values())),
        "rounds": rounds,
        "pages_per_second": {name: round(median(each[name] for each in found), 1) for name, _ in measures},
        "times_reference": {
            name: round(median(each[name] / each[REFERENCE] for each in found), 1) for name, _ in measures
        },
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def table(found: dict[str, Any]) -> str:
    lines = ["| read | pages/s | times the reference |", "| --- | ---: | ---: |"]
    for name, rate in found["pages_per_second"].items():
        lines.append(f"| {name} | {rate:.1f} | {found['times_reference'][name]:.1f} |")
    about = f"{found['pages']} pages, {found['sample']} of them for the reference, {found['rounds']} rounds"
    return "\n".join([*lines, "", about])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="+", metavar="FILE_OR_FOLDER")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=40, help="pages of a round for the reference")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    files = [file for path in options.paths for file in ([path] if path.is_file() else sorted(path.rglob("*.pdf")))]
    found = measured(files, options.rounds, options.sample)
    print(json.dumps(found) if options.json else table(found))


if __name__ == "__main__":
    main()
