"""How often claims of a probability are true: a picture of it, and how sure the error of calibration is."""

import random
import statistics
from collections.abc import Iterator, Mapping, Sequence

from footnote.modules.evaluation.calibration import BINS, expected_calibration_error

SIZE, EDGE, GAP = 240, 36, 24  # of one drawing
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11">'
    '<rect width="100%" height="100%" fill="#fff"/>'
)
SAMPLES = 1000
Pairs = Sequence[tuple[float, bool]]  # probability, and whether the claim is true


def error_interval(pairs: Pairs, seed: int = 0) -> tuple[float, float]:
    """Between which two values lie 19 of 20 errors of samples of the claims, drawn with replacement.

    Source: the percentile bootstrap of Efron and Tibshirani, 1993.
    """
    chance = random.Random(seed)
    cuts = statistics.quantiles((_error(chance.choices(pairs, k=len(pairs))) for _ in range(SAMPLES)), n=40)
    return cuts[0], cuts[-1]


def least_error(pairs: Pairs, seed: int = 0) -> float:
    """The mean error if the probabilities were right: a bin of few claims is off by chance."""
    chance = random.Random(seed)
    return statistics.fmean(_error([(p, chance.random() < p) for p, _ in pairs]) for _ in range(SAMPLES))


def _error(pairs: Pairs) -> float:
    return expected_calibration_error(pairs) or 0.0


def picture(sets: Mapping[str, Pairs]) -> str:
    """SVG: for each set a drawing of the share of true claims over their probability, a dot's area by their number."""
    width = len(sets) * (SIZE + EDGE + GAP) + GAP
    parts = [HEAD.format(width=width, height=SIZE + 2 * EDGE + GAP)]
    for place, (name, pairs) in enumerate(sets.items()):
        parts += _drawing(name, pairs, GAP + EDGE + place * (SIZE + EDGE + GAP), EDGE)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _drawing(name: str, pairs: Pairs, left: int, top: int) -> Iterator[str]:
    yield f'<text x="{left}" y="{top - 10}">{name}, n = {len(pairs)}, ECE {_error(pairs):.3f}</text>'
    yield f'<rect x="{left}" y="{top}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#999"/>'
    yield f'<path d="M{left} {top + SIZE} L{left + SIZE} {top}" stroke="#bbb" stroke-dasharray="4 3"/>'
    for share in (0, 0.5, 1):
        x, y = left + share * SIZE, top + SIZE - share * SIZE
        yield f'<text x="{x}" y="{top + SIZE + 14}" text-anchor="middle">{share}</text>'
        yield f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{share}</text>'
    middle = left + SIZE / 2
    yield f'<text x="{middle}" y="{top + SIZE + 28}" text-anchor="middle">probability; upwards: share true</text>'
    for chance, share, count in _bins(pairs):
        radius = 2 + 12 * (count / len(pairs)) ** 0.5
        x, y = left + chance * SIZE, top + SIZE - share * SIZE
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2563eb" fill-opacity="0.6"/>'


def _bins(pairs: Pairs) -> Iterator[tuple[float, float, int]]:
    for place in range(BINS):
        inside = [pair for pair in pairs if min(int(pair[0] * BINS), BINS - 1) == place]
        if inside:
            count = len(inside)
            yield sum(chance for chance, _ in inside) / count, sum(true for _, true in inside) / count, count
