"""Whether a confidence means what it says."""

from collections.abc import Iterable, Sequence
from itertools import groupby

BINS = 10


def auroc(positive: Iterable[float], negative: Iterable[float]) -> float | None:
    """Probability that a positive scores above a negative, ties counting half; None if either is missing.

    Source: Mann and Whitney, 1947, tied scores sharing the average of their ranks.
    """
    scored = sorted([(score, True) for score in positive] + [(score, False) for score in negative])
    positives = sum(is_positive for _, is_positive in scored)
    pairs = positives * (len(scored) - positives)
    if not pairs:
        return None
    return (_rank_sum(scored) - positives * (positives + 1) / 2) / pairs


def expected_calibration_error(outcomes: Sequence[tuple[float, bool]]) -> float | None:
    """Mean distance between confidence and share of right answers over 10 equal bins [0, .1), ... [.9, 1], by size.

    `outcomes` are pairs of confidence in [0, 1] and whether the answer was right; None without any.

    Source: Guo et al., 2017.
    """
    if not outcomes:
        return None
    gaps = [0.0] * BINS
    for confidence, is_right in outcomes:
        gaps[min(int(confidence * BINS), BINS - 1)] += confidence - is_right
    return sum(map(abs, gaps)) / len(outcomes)


def _rank_sum(scored: Sequence[tuple[float, bool]]) -> float:
    """Sum of the ranks from 1 of the positive ones; `scored` is ascending."""
    total, before = 0.0, 0
    for _, tied in groupby(scored, key=lambda pair: pair[0]):
        marks = [is_positive for _, is_positive in tied]
        total += sum(marks) * (before + (len(marks) + 1) / 2)
        before += len(marks)
    return total
