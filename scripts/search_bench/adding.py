"""Chunks are added while clients search: how long searches take then, and whether any fails or misses what is there."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from footnote.platform.inference import Embeddings
from search_bench.corpus import CHUNKS_OF_DOCUMENT, Asked, Corpus
from search_bench.filling import add, new_documents, opened, remove
from search_bench.measuring import Opened, shares, timed

CLIENTS = 8
ADDED = 1_000  # chunks


@dataclass
class Seen:
    """What the clients of one phase have seen."""

    quiet: list[float] = field(default_factory=list)  # milliseconds
    meanwhile: list[float] = field(default_factory=list)
    missed: int = 0
    errors: int = 0


async def adding(
    opened: Opened, folder: Path, matrix: Embeddings, seconds: float, *, elsewhere: bool
) -> dict[str, Any]:
    """Quiet for `seconds`, then until `ADDED` chunks are in, by this process or by another."""
    seen, is_adding, until = Seen(), asyncio.Event(), asyncio.Event()
    first = len(matrix) // CHUNKS_OF_DOCUMENT
    questions = iter(opened.questions(20_000, block=100 + elsewhere))
    tasks = [
        asyncio.create_task(_client(opened, matrix, questions, seen, is_adding, until, turn)) for turn in range(CLIENTS)
    ]
    await asyncio.sleep(seconds)
    adder = _elsewhere(folder, first) if elsewhere else _here(opened, first)
    lasted = await adder(is_adding)
    is_adding.clear()
    until.set()
    await asyncio.gather(*tasks)
    documents = list(new_documents(opened.corpus, first, ADDED))
    lost = await _lost(opened, first, documents)
    await remove(opened.database, opened.index, documents)
    return {
        "quiet": shares(seen.quiet),
        "while adding": shares(seen.meanwhile),
        "seconds": round(lasted, 1),
        "errors": seen.errors,
        "missing": seen.missed + lost,
    }


async def add_and_tell(folder: Path, first: int) -> None:
    """In a process of its own: says when it begins, once all is at hand."""
    database, index = await opened(folder)
    try:
        documents = list(new_documents(Corpus(), first, ADDED))
        print("begins", flush=True)
        await add(database, index, documents)
    finally:
        await database.close()


Adder = Callable[[asyncio.Event], Awaitable[float]]


def _here(opened: Opened, first: int) -> Adder:
    async def adder(is_adding: asyncio.Event) -> float:
        documents = await asyncio.to_thread(lambda: list(new_documents(opened.corpus, first, ADDED)))
        is_adding.set()
        return (await timed(add(opened.database, opened.index, documents)))[0] / 1000

    return adder


def _elsewhere(folder: Path, first: int) -> Adder:
    async def adder(is_adding: asyncio.Event) -> float:
        command = (sys.executable, sys.argv[0], "--add-to", str(folder), "--first", str(first))
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        await process.stdout.readline()
        is_adding.set()
        milliseconds, _ = await timed(process.communicate())
        assert process.returncode == 0
        return milliseconds / 1000

    return adder


async def _client(
    opened: Opened,
    matrix: Embeddings,
    questions: Any,
    seen: Seen,
    is_adding: asyncio.Event,
    until: asyncio.Event,
    turn: int,
) -> None:
    """Every other question is the embedding of a chunk that is there, which must come first."""
    random = np.random.default_rng(turn)
    while not until.is_set():
        asked, row = next(questions), int(random.integers(len(matrix)))
        known = Asked(f"{asked.text} again", matrix[row])
        opened.embedder.learn([known])
        for each, must in ((asked, None), (known, row)):
            phase = seen.meanwhile if is_adding.is_set() else seen.quiet
            try:
                milliseconds, found = await timed(opened.search(each, "hybrid" if must is None else "dense"))
            except Exception as error:
                seen.errors += 1
                print(f"a search failed: {error!r}", file=sys.stderr)
                continue
            phase.append(milliseconds)
            seen.missed += must is not None and found[:1] != [must]


async def _lost(opened: Opened, first: int, documents: Sequence[Any]) -> int:
    """How many of the added chunks are not found by their own embedding."""
    lost = 0
    for number, (_, _, embeddings) in enumerate(documents):
        known = Asked(f"added {first + number}", embeddings[0])
        opened.embedder.learn([known])
        lost += (await opened.search(known, "dense"))[:1] != [(first + number) * CHUNKS_OF_DOCUMENT]
    return lost
