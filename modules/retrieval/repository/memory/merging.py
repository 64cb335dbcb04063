"""Keeps the segments of each tenant few: small ones are made one at once, large ones in the background."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from loguru import logger

from footnote.modules.retrieval.repository.memory.segments import GONE, Segment, new_rows, one_of

SMALL = 1024  # rows: made one with a small neighbour while a search waits, in about a millisecond
LARGEST = 1 << 18  # rows: bounds what merging takes in memory
RATIO = 3  # a segment more than this many times as large as all smaller ones is left alone
DEAD = 4  # a segment is written anew when more than one row of so many is dead

Segments = tuple[Segment, ...]


class Exchange(NamedTuple):
    """Segments as they were when merging began, and the one that takes their place."""

    parts: Sequence[Segment]
    whole: Segment


def compacted(segments: Sequence[Segment]) -> Segments:
    """Without those that are all dead, and small ones at the end made one."""
    kept: list[Segment] = []
    for segment in segments:
        if segment.dead == segment.size:
            continue
        kept.append(segment)
        while len(kept) > 1 and kept[-2].size <= min(RATIO * kept[-1].size, SMALL) and kept[-1].size <= SMALL:
            kept[-2:] = [one_of(kept[-2:])]
    return tuple(kept)


def due(segments: Sequence[Segment]) -> Sequence[Segment]:
    """Those that should be made one; perhaps a single one that has many dead; empty: none."""
    total = 0
    smallest_first = sorted(segments, key=lambda segment: segment.size - segment.dead)
    found = 0
    for place, segment in enumerate(smallest_first):
        living = segment.size - segment.dead
        if total and total + living <= LARGEST and living <= RATIO * total:
            found = place + 1
        total += living
    return smallest_first[:found] or [each for each in segments if DEAD * each.dead > each.size][:1]


def exchanged(segments: Segments, exchange: Exchange) -> Segments:
    """With the whole in place of its parts, and dead what has died meanwhile; unchanged where a part is gone."""
    now = {id(segment.numbers): segment for segment in segments}  # numbers stay the same while rows die
    if not all(id(part.numbers) in now for part in exchange.parts):
        return segments
    documents = exchange.whole.documents.copy()
    for part, rows in zip(exchange.parts, new_rows(exchange.parts), strict=True):
        current = now.pop(id(part.numbers))
        documents[rows[current.buried(part)]] = GONE
    return compacted([*now.values(), replace(exchange.whole, documents=documents)])


class Background:
    """Does one piece of work after another on a thread of its own, which ends when there is nothing left to do."""

    def __init__(self, name: str, work: Callable[[], bool]) -> None:
        """`work` is called until it returns False."""
        self._name = name
        self._work = work
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False

    def wake(self) -> None:
        with self._lock:
            self._again = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Until there is nothing left to do."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while self._goes_on():
            try:
                while self._work():
                    pass
            except Exception:
                logger.exception("The index in memory could not be tidied; searches go on as before")

    def _goes_on(self) -> bool:
        with self._lock:
            goes_on, self._again = self._again, False
            if not goes_on:
                self._thread = None
            return goes_on
