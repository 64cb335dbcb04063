"""Latency, recall, throughput, stalls of the event loop and memory of searches over one filled store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from footnote.modules.retrieval import Mode, Passage, SearchQuery
from footnote.modules.retrieval.finding import Ranking
from footnote.modules.retrieval.repository.sqlite import SqliteIndex
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.inference import Embeddings
from footnote.platform.interpreter import settle_in
from footnote.platform.principal import LOCAL
from footnote.platform.storage.sqlite import SqliteDatabase
from search_bench.corpus import CHUNKS_OF_DOCUMENT, Asked, Corpus, KnownEmbedder
from search_bench.filling import SHELVES, SPAN, name_of, opened
from search_bench.standstill import standstill

MODES: tuple[Mode, ...] = ("hybrid", "dense", "lexical")
SCAN = "NumPy float32 scan"
TOP = 10
MOST_ASKED = 1_000  # questions a second
CLIENTS = 16
TURNS = 8
PAUSE = 0.15  # seconds after which the threads of NumPy's scan no longer wait for more on a core: some take 0.07
RUN = 20  # searches, one directly after the other
UNTIMED = 5  # searches before a run
IN_A_RUN, PAUSED = "one after another", f"each after {PAUSE} s of rest"
RECALLED = 9  # block of the questions by which recall is measured
TICK = 0.001  # seconds between two looks at the event loop
MEMORY = {"VmRSS": "all", "RssAnon": "own", "RssFile": "mapped files"}


Way = Callable[[Asked], Awaitable[list[int]]]
Ways = Mapping[str, Way]


@dataclass(frozen=True)
class Opened:
    corpus: Corpus
    embedder: KnownEmbedder
    database: SqliteDatabase
    index: SqliteIndex
    service: RetrievalService

    def questions(self, number: int, block: int) -> list[Asked]:
        """Asked nowhere else, so that no result is remembered."""
        asked = self.corpus.questions(number, block)
        self.embedder.learn(asked)
        return asked

    async def search(self, asked: Asked, mode: Mode = "hybrid", filters: dict[str, Any] | None = None) -> list[int]:
        """Rows of the corpus."""
        query = SearchQuery(text=asked.text, mode=mode, top_k=TOP, filters=filters)
        return [row_of(passage) for passage in (await self.service.search(LOCAL, query)).results]


@asynccontextmanager
async def searchable(folder: Path) -> AsyncIterator[Opened]:
    database, index = await opened(folder)
    embedder = KnownEmbedder()
    ranking = Ranking(metadata_fields={"shelf": "number"})
    try:
        yield Opened(Corpus(), embedder, database, index, RetrievalService(index, embedder, ranking=ranking))
    finally:
        await database.close()


def row_of(passage: Passage) -> int:
    return int(passage.document_id[1:]) * CHUNKS_OF_DOCUMENT + passage.start // SPAN


async def timed(work: Awaitable[Any]) -> tuple[float, Any]:
    """Milliseconds, and what came of it."""
    began = perf_counter()
    done = await work
    return (perf_counter() - began) * 1000, done


def shares(milliseconds: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(milliseconds, share)), 2) for share in (50, 95)}


def scan(matrix: Embeddings, query: Embeddings, number: int = TOP) -> Any:
    """The reference: NumPy's exact scan."""
    scores = matrix @ query
    best = np.argpartition(scores, -number)[-number:]
    return best[np.argsort(-scores[best])]


def recall(found: Sequence[int], nearest: Sequence[int]) -> float:
    return len(set(found) & set(nearest)) / len(nearest)


class Taken:
    """What the searches of one way took."""

    def __init__(self) -> None:
        self._milliseconds: list[float] = []
        self._busy: list[float] = []

    async def by(self, work: Awaitable[Any]) -> Any:
        before = process_time()
        milliseconds, done = await timed(work)
        self._milliseconds.append(milliseconds)
        self._busy.append((process_time() - before) * 1000)
        return done

    def shares(self) -> dict[str, float]:
        return {**shares(self._milliseconds), "cpu": round(float(np.median(self._busy)), 2)}


async def latencies(opened: Opened, matrix: Embeddings, questions: Sequence[Asked]) -> dict[str, Any]:
    """Of the scan and of each mode, both under the same conditions, and the recall of the dense one.

    What rests is slow at first: threads have to be woken, caches are cold, and memory takes twice as long for some
    milliseconds after 20 of rest. So both conditions are measured, and in neither anything else runs just before.
    """

    async def scanned(asked: Asked) -> list[int]:
        found: list[int] = scan(matrix, asked.embedding).tolist()
        return found

    ways: Ways = {SCAN: scanned, **{mode: partial(opened.search, mode=mode) for mode in MODES}}
    half = len(questions) // 2
    recalls = [
        recall(await opened.search(asked, "dense"), await scanned(asked))
        for asked in opened.questions(len(questions), block=RECALLED)
    ]
    conditions = {
        IN_A_RUN: await _in_runs(ways, questions[:half]),
        PAUSED: await _paused(ways, questions[half:]),
    }
    return {"latency": conditions, "recall@10": mean(recalls)}


async def _in_runs(ways: Ways, questions: Sequence[Asked]) -> dict[str, dict[str, float]]:
    taken = {name: Taken() for name in ways}
    for first in range(0, len(questions), RUN + UNTIMED):
        for name, way in ways.items():
            await asyncio.sleep(PAUSE)
            for place, asked in enumerate(questions[first : first + RUN + UNTIMED]):
                await (way(asked) if place < UNTIMED else taken[name].by(way(asked)))
    return {name: each.shares() for name, each in taken.items()}


async def _paused(ways: Ways, questions: Sequence[Asked]) -> dict[str, dict[str, float]]:
    taken = {name: Taken() for name in ways}
    for asked in questions:
        for name, way in ways.items():
            await asyncio.sleep(PAUSE)
            await taken[name].by(way(asked))
    return {name: each.shares() for name, each in taken.items()}


async def filtered(opened: Opened, matrix: Embeddings, questions: Sequence[Asked]) -> dict[str, Any]:
    """A filter that keeps 1% of the chunks, each time another one, beside none."""
    measured: dict[str, list[float]] = {}
    recalls = []
    documents = np.arange(len(matrix)) // CHUNKS_OF_DOCUMENT
    for number, asked in enumerate(questions):
        rows = np.flatnonzero(documents % SHELVES == number % SHELVES)
        for mode in ("hybrid", "dense"):
            for name, filters in (("1%", {"metadata.shelf": number % SHELVES}), ("all", None)):
                milliseconds, found = await timed(opened.search(asked, mode, filters))
                measured.setdefault(f"{mode}, {name}", []).append(milliseconds)
                if (mode, name) == ("dense", "1%"):
                    recalls.append(recall(found, rows[scan(matrix[rows], asked.embedding)].tolist()))
    return {**{name: shares(each) for name, each in measured.items()}, "recall@10 of 1%": {"dense": mean(recalls)}}


class Served:
    """What some clients got, who search at once and ask again as soon as they are answered."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._milliseconds: list[float] = []
        self._seconds = self._busy = self._stall = 0.0

    async def turn(self, opened: Opened, questions: Iterator[Asked], seconds: float, mode: Mode) -> None:
        until = perf_counter() + seconds

        async def client() -> None:
            while perf_counter() < until and (asked := next(questions, None)):
                self._milliseconds.append((await timed(opened.search(asked, mode)))[0])

        async with stalls() as longest:
            began, before = perf_counter(), process_time()
            await asyncio.gather(*(client() for _ in range(self._number)))
            self._seconds += perf_counter() - began
            self._busy += (process_time() - before) * 1000
        self._stall = max(self._stall, longest())

    @property
    def a_second(self) -> float:
        return len(self._milliseconds) / self._seconds

    def told(self) -> dict[str, Any]:
        return {
            "a second": round(self.a_second, 1),
            "ms of a core": round(self._busy / len(self._milliseconds), 2),
            "longest stall ms": round(self._stall, 1),
            **shares(self._milliseconds),
        }


async def clients(opened: Opened, seconds: float, block: int, mode: Mode) -> dict[str, Any]:
    """How many searches one client and how many all finish in a second, and how long the event loop stood still.

    They take turns, so that what else the machine does meets both. Beside it stands how long a bare process waited.
    """
    questions = iter(opened.questions(int(2 * seconds * MOST_ASKED), block))
    settle_in()  # to look through thousands of questions for garbage stops all for 25 ms, and no server holds them
    one, many = Served(1), Served(CLIENTS)
    with standstill() as longest:
        for _ in range(TURNS):
            for each in (one, many):
                await each.turn(opened, questions, seconds / TURNS, mode)
        of_another = longest()
    times = round(many.a_second / one.a_second, 2)
    return {
        f"{mode}, 1": one.told(),
        f"{mode}, {CLIENTS}": {**many.told(), "times as many": times},
        f"{mode}, a bare process beside": {"longest stall ms": of_another},
    }


@asynccontextmanager
async def stalls() -> AsyncIterator[Callable[[], float]]:
    """Gives the longest time in milliseconds by which the event loop came late."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        for _ in count():
            began = perf_counter()
            await asyncio.sleep(TICK)
            longest = max(longest, perf_counter() - began - TICK)

    ticking = asyncio.create_task(tick())
    try:
        yield lambda: longest * 1000
    finally:
        ticking.cancel()


def memory() -> dict[str, int]:
    """Megabytes of this process."""
    lines = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    return {name: int(lines[field].split()[0]) // 1024 for field, name in MEMORY.items()}


def mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4)


def expected(row: int) -> tuple[str, int]:
    return name_of(row // CHUNKS_OF_DOCUMENT), row % CHUNKS_OF_DOCUMENT * SPAN
