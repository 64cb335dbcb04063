"""The best of many scores."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

SAMPLED = 16  # one score in so many is looked at to tell how many are great
SPARE = 16  # scores of the sample, beyond twice as many as should do


class Candidates(NamedTuple):
    """The best rows of one part, in no order."""

    rows: Integers
    scores: Floats


class Choice:
    """Takes those of all rows' scores that may be among the best; two that would take the same are equal."""

    def __init__(self, admitted: Flags | None, comparable: Flags | None, count: int, margin: float) -> None:
        """Rows count that are `admitted` and `comparable`; None: all are. Scores may be wrong by half the `margin`."""
        self._taken = (admitted, comparable, count, margin)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choice) and all(
            mine is others or (isinstance(mine, int | float) and mine == others)
            for mine, others in zip(self._taken, other._taken, strict=True)
        )

    def __hash__(self) -> int:
        return hash(self._taken[2:])

    def __call__(self, scores: Floats) -> Candidates:
        admitted, comparable, count, margin = self._taken
        rows = best(scores, count, margin, both(admitted, comparable))
        return Candidates(rows, scores[rows])


def best(scores: Floats, count: int, margin: float, admitted: Flags | None = None) -> Integers:
    """The admitted rows (None: all) of the greatest `count` scores, and of those that are less by at most `margin`."""
    floor = _told(scores, count, admitted)
    rows = _reaching(scores, floor - margin, admitted)
    near = scores[rows]
    if np.count_nonzero(near >= floor) < count:  # they are fewer than the sample told
        rows = _reaching(scores, _exact(scores, count, admitted) - margin, admitted)
        near = scores[rows]
    return rows[near >= lowest([near], count) - margin]


def lowest(scores: Sequence[NDArray[np.floating]], count: int) -> float:
    """The least of the greatest `count` of all scores; minus infinity if there are not more."""
    together = np.concatenate(scores) if scores else np.zeros(0)
    if len(together) <= count:
        return -np.inf
    return float(np.partition(together, len(together) - count)[len(together) - count])


def both(first: Flags | None, second: Flags | None) -> Flags | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second


def _told(scores: Floats, count: int, admitted: Flags | None) -> float:
    """What about twice `count` admitted scores reach, told by some of them: quicker than looking at all."""
    some = scores[::SAMPLED] if admitted is None else scores[::SAMPLED][admitted[::SAMPLED]]
    place = len(some) - 2 * count // SAMPLED - SPARE
    return float(np.partition(some, place)[place]) if place > 0 else _exact(scores, count, admitted)


def _exact(scores: Floats, count: int, admitted: Flags | None) -> float:
    return lowest([scores if admitted is None else scores[admitted]], count)


def _reaching(scores: Floats, least: float, admitted: Flags | None) -> Integers:
    reaching = scores >= least
    return np.flatnonzero(reaching if admitted is None else reaching & admitted)
