"""How fast PDFs become searchable, beside plain pdfplumber and beside the bound of the two stages' own rates.

    python scripts/bench_ingest.py [FOLDER] [--runs N] [--sample N] [--pages N ...] [--json]

FOLDER holds PDFs; without one, PDFs are made up. Each run measures, one after the other:

- `pdfplumber`: plain `extract_text` of a sample of the pages, in one process: the reference;
- `reading`: all files read with word boxes and tables, and cut into chunks, by two processes;
- `embedding`: all those chunks embedded, on all cores;
- `ingest`: a server in a new data folder gets all files over HTTP, until all are ready: pages a second, and the peak of
  the resident memory of the server and all its children together, what they share counted in each.

`bound` is the rate at which nothing could be faster if reading and embedding keep both cores busy: 1 / (1/reading +
1/embedding). Shown are medians of the runs; ratios are medians of the runs' own ratios. `--pages` instead makes up one
PDF of each size, and shows the peak memory of reading and cutting each in a process of its own.
"""

import argparse
import asyncio
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pdfplumber
import pypdfium2 as pdfium

from footnote.modules.ingestion.chunking import StructureChunker
from footnote.modules.ingestion.extraction import Options
from footnote.modules.ingestion.extraction.kinds import PDF
from footnote.modules.ingestion.offloaded import chunk_to, extract_to, read_groups
from footnote.platform.inference.local import LocalEmbedder, LocalTokenizer
from footnote.platform.processes import ProcessPool

READY = re.compile(r"Footnote is ready: (http://\S+)")
PROCESSES = 2
STALL = 600.0  # seconds
GROUP = 64
POLL = 0.1  # seconds
SETTLED = {"ready", "failed", "cancelled"}
SEED = 20_240_101
WORDS = """
revenue cost of sales operating income net quarter fiscal year increased decreased compared due to the and in
"""


def page_count(path: Path) -> int:
    document = pdfium.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def pdfplumber_rate(files: Sequence[Path], sample: int) -> float:
    """Pages a second of a sample spread evenly over the files."""
    pages = [(path, number) for path in files for number in range(1, page_count(path) + 1)]
    chosen = pages[:: max(len(pages) // sample, 1)][:sample]
    start = time.perf_counter()
    for path, of_file in groupby(chosen, key=itemgetter(0)):
        with pdfplumber.open(path, pages=[number for _, number in of_file]) as document:
            for page in document.pages:
                page.extract_text()
    return len(chosen) / (time.perf_counter() - start)


async def read_all(pool: ProcessPool, files: Sequence[Path], folder: Path) -> list[Path]:
    """Where the chunks of each are."""

    async def read(number: int, path: Path) -> Path:
        text, scratch = folder / f"{number}.text", folder / f"{number}.scratch"
        scratch.mkdir()
        await pool.run(extract_to, text, path, PDF, Options(), scratch, timeout=STALL)
        chunker = StructureChunker(LocalTokenizer())
        chunks = folder / f"{number}.chunks"
        await pool.run(chunk_to, chunks, text, chunker, path.stem, GROUP, timeout=STALL)
        return chunks

    return await asyncio.gather(*(read(number, path) for number, path in enumerate(files)))


async def stage_rates(files: Sequence[Path], pages: int, models: Path) -> dict[str, float]:
    pool = ProcessPool(max_workers=PROCESSES)
    embedder = LocalEmbedder(models)
    await embedder.warm()
    try:
        with tempfile.TemporaryDirectory() as folder:
            await asyncio.gather(*(pool.run(os.getpid, timeout=STALL) for _ in range(PROCESSES)))
            start = time.perf_counter()
            cut = await read_all(pool, files, Path(folder))
            reading = time.perf_counter() - start
            chunks = [chunk for path in cut for group in read_groups(path) for chunk in group]
        start = time.perf_counter()
        await embedder.embed([chunk.embedded_text("Quarterly report") for chunk in chunks], kind="document")
        embedding = time.perf_counter() - start
    finally:
        await pool.close()
        await embedder.close()
    return {
        "reading": pages / reading,
        "embedding": pages / embedding,
        "bound": pages / (reading + embedding),
        "chunks": len(chunks),
        "tokens_per_page": sum(chunk.tokens for chunk in chunks) / pages,
    }


@contextmanager
def server(home: Path) -> Iterator[tuple[str, int]]:
    """Its address and process id."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")},
        "FOOTNOTE_HOME": str(home),
        "FOOTNOTE_PORT": "0",
    }
    log = home / "server.log"
    with log.open("w") as file:
        process = subprocess.Popen([sys.executable, "-P", "-m", "footnote", "serve"], env=environment, stderr=file)
    try:
        while (found := READY.search(log.read_text())) is None:
            assert process.poll() is None, log.read_text()
            time.sleep(POLL)
        yield found.group(1), process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


class Memory(threading.Thread):
    """The peak of the resident memory of a process and all its descendants, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._is_over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._is_over.wait(POLL):
            self.peak = max(self.peak, sum(map(resident, family(self._pid))))

    def stop(self) -> int:
        self._is_over.set()
        self.join()
        return self.peak


def family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in family(int(child)))]


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def ingest(files: Sequence[Path], pages: int, models: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "models").symlink_to(models)
        with server(Path(folder)) as (url, pid), httpx.Client(base_url=f"{url}/api/v1", timeout=STALL) as client:
            wait_until_warm(client)
            memory = Memory(pid)
            memory.start()
            start = time.perf_counter()
            for path in files:
                with path.open("rb") as file:
                    client.post("/documents", files={"file": (path.name, file)}).raise_for_status()
            documents = wait_until_settled(client)
            taken = time.perf_counter() - start
            peak = memory.stop()
    ready = [document for document in documents if document["status"] == "ready"]
    assert len(ready) == len(files), [document["error"] for document in documents if document["error"]]
    return {"ingest": pages / taken, "seconds": taken, "peak_bytes": peak}


def wait_until_warm(client: httpx.Client) -> None:
    client.post("/search", json={"query": "warm"}).raise_for_status()


def wait_until_settled(client: httpx.Client) -> list[dict[str, Any]]:
    while True:
        documents: list[dict[str, Any]] = client.get("/documents?limit=200").json()["items"]
        if all(document["status"] in SETTLED for document in documents):
            return documents
        time.sleep(POLL)


def run_once(files: Sequence[Path], pages: int, sample: int, models: Path) -> dict[str, float]:
    found = {"pdfplumber": pdfplumber_rate(files, sample)}
    found |= asyncio.run(stage_rates(files, pages, models))
    found |= ingest(files, pages, models)
    return found | {
        "ingest_to_pdfplumber": found["ingest"] / found["pdfplumber"],
        "ingest_to_bound": found["ingest"] / found["bound"],
    }


def made_up(path: Path, pages: int) -> Path:
    from reportlab.pdfgen.canvas import Canvas

    chance = random.Random(SEED)
    canvas = Canvas(str(path), pageCompression=1)
    for number in range(pages):
        canvas.drawString(72, 810, "Quarterly report of a company that does not exist")
        for line in range(45):
            canvas.drawString(72, 780 - 16 * line, " ".join(chance.choices(WORDS.split(), k=14)))
        canvas.drawString(290, 30, str(number + 1))
        canvas.showPage()
    canvas.save()
    return path


def peak_of_reading(pages: int) -> int:
    """Bytes resident at most in a process that reads and cuts a PDF of so many pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = made_up(Path(folder) / "made-up.pdf", pages)
        command = [sys.executable, "-P", __file__, "--read", str(path)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read_here(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text, scratch = Path(folder) / "text", Path(folder) / "scratch"
        scratch.mkdir()
        extract_to(text, path, PDF, Options(), scratch)
        chunk_to(Path(folder) / "chunks", text, StructureChunker(LocalTokenizer()), path.stem, GROUP)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def print_table(figures: dict[str, float]) -> None:
    for name, value in figures.items():
        shown = f"{value / 1e6:,.0f} MB" if name.endswith("bytes") or name.startswith("peak") else f"{value:,.2f}"
        print(f"{name:24}{shown:>14}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sample", type=int, default=40, help="pages that pdfplumber reads")
    parser.add_argument("--pages", type=int, nargs="+", help="sizes of made-up PDFs whose peak memory is shown")
    parser.add_argument("--models", type=Path, help="where the built model is kept, by default a new folder")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.read:
        read_here(asked.read)
        return
    figures = memory_of(asked.pages) if asked.pages else rates(asked)
    print(json.dumps(figures, indent=2)) if asked.json else print_table(figures)


def memory_of(sizes: Sequence[int]) -> dict[str, float]:
    peaks = {pages: peak_of_reading(pages) for pages in sizes}
    shown: dict[str, float] = {f"peak of {pages} pages": peak for pages, peak in peaks.items()}
    return shown | {"ratio, last to first": peaks[sizes[-1]] / peaks[sizes[0]]}


def rates(asked: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        models = (asked.models or Path(folder) / "models").absolute()
        models.mkdir(exist_ok=True)
        if asked.folder:
            files = sorted(asked.folder.glob("*.pdf"))
        else:
            files = [made_up(Path(folder) / f"{number}.pdf", 40) for number in range(6)]
        pages = sum(map(page_count, files))
        runs = [run_once(files, pages, asked.sample, models) for _ in range(asked.runs)]
    return {"pages": pages} | {name: median(run[name] for run in runs) for name in runs[0]}


if __name__ == "__main__":
    main()
