"""Questions that come together are compared with the same codes in one pass.

Of 100,000 rows of 384 a scan takes one core 1.4 to 1.9 ms for a question alone once the codes are packed, and 2.5 for
16 together; twice as long where memory has been at rest for 20 ms, as it nearly is while Python runs.
"""

import math
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, NamedTuple, TypeVar

import numkong
import numpy as np
from numpy.typing import NDArray

from footnote.platform.turns import waiting

Codes = NDArray[np.int8]
Floats = NDArray[np.float32]
T = TypeVar("T")

CORES = min(4, os.cpu_count() or 1)  # that one scan uses: it waits for memory, of which each core brings its share
LEADERS = max(1, (os.cpu_count() or 1) // 2)  # scans of one part at once; what comes meanwhile goes into the next
TOGETHER = 16  # questions of one scan: so many cost little more than two
CHUNK = 25_000  # rows that are multiplied at a time: the products of so many by 16 stay in the cache of a core
PACKED = 4096  # rows from which codes are packed: a copy in the order in which the processor multiplies them
OTHERS = ThreadPoolExecutor(max(1, CORES - 1), thread_name_prefix="scan")
AHEAD = ThreadPoolExecutor(LEADERS, thread_name_prefix="scan-ahead")
FREE = threading.Semaphore(LEADERS)  # of those: what no thread is free for waits for its own
FEW = 4  # questions: fewer are not worth a scan ahead
NARROW = 32  # numbers of a row: fewer, as where another store compares the embeddings, gain nothing


_rooms: list[Floats] = []  # for products, from one scan to the next: new memory costs as much as a fifth of a scan


@dataclass(eq=False)
class Asked:
    codes: Codes  # [1, dimension]
    take: Callable[[Floats], Any]  # what is kept of its scores, [rows]
    turn: threading.Event = field(default_factory=threading.Event)
    has_come: bool = False  # its thread waits, and may scan
    batch: "list[Asked] | None" = None  # to be scanned by its thread
    found: Any = None  # what was taken


class Chunk(NamedTuple):
    rows: slice
    codes: numkong.PackedMatrix


class JointScan:
    """Whoever asks while others scan waits, and then scans for all that wait, and for those that are expected.

    Where many are expected, they are scanned for on another core while a search computes with what was found for it.
    """

    def __init__(self, codes: Codes, scales: Floats) -> None:
        self._codes = codes  # [rows, dimension]
        self._scales = scales  # [rows]
        self._packed: Sequence[Chunk] | None = None
        self._lock = threading.Lock()
        self._leaders = 0
        self._waiting: dict[Asked, None] = {}  # in the order in which they came
        self._expected: dict[int, Asked] = {}

    @property
    def is_packed(self) -> bool:
        """Or too small to be."""
        return self._packed is not None or len(self._codes) < PACKED or self._codes.shape[1] < NARROW

    def pack(self) -> None:
        """From now on the codes themselves are not looked at; 0.2 to 1.4 ms for 1,000 rows."""
        bounds = np.linspace(0, len(self._codes), CORES * math.ceil(len(self._codes) / CHUNK / CORES) + 1, dtype=int)
        parts = [slice(first, end) for first, end in pairwise(bounds.tolist())]
        self._packed = [Chunk(rows, numkong.dots_pack(np.ascontiguousarray(self._codes[rows]))) for rows in parts]

    def expect(self, question: Codes, take: Callable[[Floats], Any] = np.copy) -> None:
        """`taken` will be called with this very array and an equal `take`: whoever scans until then does so for it too.

        So questions that wait for a thread are in one pass with those that have one. `forget` has to follow.
        """
        if self._packed is not None and question.shape[1] == self._codes.shape[1]:
            with self._lock:
                asked = self._expected[id(question)] = Asked(question, take)
                self._waiting[asked] = None
                self._look_ahead()

    def forget(self, question: Codes) -> None:
        """It may have been asked or not."""
        with self._lock:
            asked = self._expected.pop(id(question), None)
            if asked is not None:
                self._waiting.pop(asked, None)

    def scores(self, question: Codes) -> Floats:
        """The products of `question` [1, dimension] with each row, times the row's scale: [rows]."""
        return self.taken(question, np.copy)

    def taken(self, question: Codes, take: Callable[[Floats], T]) -> T:
        """What `take` makes of the scores, which are there only until it returns: many at once would be large."""
        asked = self._come(question, take)
        if asked.batch is None and not asked.turn.is_set():
            with waiting():
                asked.turn.wait()
        # Looked at last: it may be handed over at any moment before the turn, and others wait for it.
        batch, asked.batch = asked.batch, None  # which holds it, too: both would wait for the search for garbage
        if batch is not None:
            self._lead(batch, CORES)
        if asked.found is None:
            self._scan([asked], CORES)
        found: T = asked.found
        return found

    def _look_ahead(self) -> None:
        """Scan for those that wait once they are as many as have been scanned for and not asked; the lock is held."""
        scanned_for = len(self._expected) - len(self._waiting)
        is_due = self._leaders < LEADERS and scanned_for > 0 and len(self._waiting) >= max(FEW, scanned_for)
        if is_due and FREE.acquire(blocking=False):
            self._leaders += 1
            AHEAD.submit(self._lead_ahead, self._batch(next(iter(self._waiting))))

    def _lead_ahead(self, batch: list[Asked]) -> None:
        try:
            self._lead(batch, cores=1)
        finally:
            FREE.release()

    def _lead(self, batch: list[Asked], cores: int) -> None:
        with suppress(Exception):  # of one of them: each then scans for itself
            self._scan(batch, cores)
        self._hand_on(batch)

    def _come(self, question: Codes, take: Callable[[Floats], Any]) -> Asked:
        """Has a batch if its thread is to scan now."""
        with self._lock:
            asked = self._expected.pop(id(question), None)
            if asked is None or asked.take != take:
                if asked is not None:
                    self._waiting.pop(asked, None)
                asked = Asked(question, take)
                self._waiting[asked] = None
            asked.has_come = True
            if asked in self._waiting and self._leaders < LEADERS:
                self._leaders += 1
                asked.batch = self._batch(asked)
        return asked

    def _batch(self, first: Asked) -> list[Asked]:
        """`first`, and what waits beside it."""
        del self._waiting[first]
        others = list(islice(self._waiting, TOGETHER - 1))
        for each in others:
            del self._waiting[each]
        return [first, *others]

    def _scan(self, batch: Sequence[Asked], cores: int) -> None:
        together = batch[0].codes if len(batch) == 1 else np.concatenate([asked.codes for asked in batch])
        with _room(len(batch), len(self._codes)) as scores:
            self._fill(together, scores, cores)
            for asked, its_scores in zip(batch, scores, strict=True):
                asked.found = asked.take(its_scores)

    def _fill(self, questions: Codes, scores: Floats, cores: int) -> None:
        """`scores` [questions, rows]"""
        if self._packed is not None:
            self._on_cores(questions, self._packed, scores, cores)
        elif len(questions) == 1:
            np.multiply(scanned(self._codes, questions), self._scales, out=scores[0])
        else:
            products = np.asarray(numkong.dots_packed(self._codes, numkong.dots_pack(questions)))
            np.multiply(products.T, self._scales, out=scores, dtype=np.float32)

    def _on_cores(self, questions: Codes, chunks: Sequence[Chunk], scores: Floats, cores: int) -> None:
        share = len(chunks) // cores
        parts = [chunks[first : first + share] for first in range(0, len(chunks), share)]
        others = [OTHERS.submit(_multiply, questions, part, self._scales, scores) for part in parts[1:]]
        _multiply(questions, parts[0], self._scales, scores)
        for other in others:
            other.result()

    def _hand_on(self, batch: list[Asked]) -> None:
        """One that waits leads the next."""
        with self._lock:
            leader = next((asked for asked in self._waiting if asked.has_come), None)
            if leader is None:
                self._leaders -= 1
            else:
                leader.batch = self._batch(leader)
        for asked in batch:
            asked.turn.set()
        if leader is not None:
            leader.turn.set()


@contextmanager
def _room(questions: int, rows: int) -> Iterator[Floats]:
    """Float32 [questions, rows], of no content. After an error another thread may still write to it: it is left."""
    try:
        room = _rooms.pop()
    except IndexError:
        room = np.empty(0, np.float32)
    if room.size < questions * rows:
        room = np.empty(questions * rows, np.float32)
    yield room[: questions * rows].reshape(questions, rows)
    if len(_rooms) < LEADERS:
        _rooms.append(room)


def _multiply(questions: Codes, chunks: Sequence[Chunk], scales: Floats, scores: Floats) -> None:
    for rows, codes in chunks:
        products = np.asarray(numkong.dots_packed(questions, codes))
        np.multiply(products, scales[rows], out=scores[:, rows], dtype=np.float32)


def scanned(codes: Codes, question: Codes) -> Floats:
    """Of `question` [1, dimension] with each row of `codes`: [rows]."""
    found = np.empty((1, len(codes)), np.float32)
    if len(codes):  # which the library asks for
        numkong.cdist(question, codes, "dot", out=found)
    products: Floats = found[0]
    return products
